import { Type } from 'typebox';
import { TOUCH_KINDS } from '../../domain/submission.ts';
import { currency, idText, minorUnits, moment, oneOf, text } from './field.ts';

const closed = { additionalProperties: false } as const;

export const AdvertiserBody = Type.Object(
  {
    type: oneOf(['hq', 'region', 'store', 'dealer', 'partner'], '投放方类型: who pays for the advertising.'),
    id: idText('投放方 id.', 'hq'),
    name: text(200, '投放方名称.', '总部市场部'),
    budget_owner: text(200, '预算归属.', '华东区'),
    ad_account_id: idText('广告账户 id.', '1789012345678901'),
    cost_centre: idText('成本中心.', 'CC-310'),
  },
  { ...closed, description: '投放方: who advertises.' },
);

export const TrafficBody = Type.Object(
  {
    platform: text(64, '流量平台.', 'douyin'),
    medium: text(64, '媒介.', 'feed'),
    placement: text(200, '版位.', '信息流'),
    account_id: idText('账户 id.', '7001'),
    account_name: text(200, '账户名称.', '官方账号'),
    campaign_id: idText('推广计划 id of the platform.', '101'),
    campaign_name: text(200, '推广计划名称.', '618 试驾'),
    adgroup_id: idText('广告组 id.', '202'),
    adgroup_name: text(200, '广告组名称.', '杭州 25-40'),
    creative_id: idText('创意 id.', '303'),
    creative_name: text(200, '创意名称.', '口播 A'),
    levels: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 200 }), {
        maxProperties: 20,
        description: "The platform's own names of its levels (层级), as it calls them.",
        examples: [{ project_name: '试驾项目', promotion_id: '404' }],
      }),
    ),
    keyword: text(200, '关键词.', '新能源 SUV'),
    landing_page: text(2048, '落地页.', 'https://example.com/lp'),
    form_id: idText('表单 id.', '555'),
    referrer: text(2048, '来路.', 'https://example.com/'),
    utm_source: text(200, 'utm_source.', 'douyin'),
    utm_medium: text(200, 'utm_medium.', 'cpc'),
    utm_campaign: text(200, 'utm_campaign.', 'june'),
    utm_term: text(200, 'utm_term.', 'suv'),
    utm_content: text(200, 'utm_content.', 'video-a'),
    click_id: text(1024, '点击 id.', 'EOXNsZyQ'),
    click_id_kind: text(64, 'What kind of click id: clickid, gclid, bd_vid, …', 'clickid'),
    platform_lead_id: idText("线索 id of the platform: the lead's own id there.", '7390000000000000001'),
    content_id: idText('内容 id: video or note.', '909'),
    anchor_id: idText('主播 id.', '808'),
    scene_code: idText('二维码 / 场景值.', 'QR-12'),
  },
  { ...closed, description: '流量方: where the person came from.' },
);

export const ProductBody = Type.Object(
  {
    brand: text(100, '品牌.', '星途'),
    category: text(100, '品类.', 'SUV'),
    series: text(100, '系列 / 车系.', '揽月'),
    model: text(100, '型号 / SKU.', '揽月 400T'),
    quantity: Type.Optional(Type.Number({ minimum: 0, maximum: 1_000_000_000, description: '数量.', examples: [1] })),
    price: minorUnits('展示价格: price shown', 18_990_000),
    currency: currency(),
    store_of_interest: text(64, '意向门店.', 'S1'),
  },
  { ...closed, description: '产品: what the person is interested in.' },
);

export const IntentBody = Type.Object(
  {
    kind: oneOf(TOUCH_KINDS, "触点类型: the kind of interest; the channel's default where it is absent."),
    budget: minorUnits('预算: declared budget', 20_000_000),
    currency: currency(),
    horizon: text(100, '购买周期.', '1 个月内'),
    need: text(4000, '需求描述.', '想周末试驾'),
    appointment_at: moment('预约时间.'),
  },
  { ...closed, description: '意向: what the person wants.' },
);

export const CampaignBody = Type.Object(
  {
    id: idText('活动 id.', 'c1'),
    name: text(200, '活动名称.', '六月团购会'),
    kind: text(64, '活动类型.', 'group_buy'),
    start: moment('开始时间.'),
    end: moment('结束时间.'),
    host: text(200, '主办方.', '杭州城西店'),
    venue: text(200, '地点.', '西湖区文三路 1 号'),
    offer: text(500, '优惠.', '订金膨胀'),
  },
  { ...closed, description: '活动: the campaign or event.' },
);

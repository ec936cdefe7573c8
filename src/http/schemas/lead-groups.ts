import { Type } from 'typebox';
import { TOUCH_KINDS } from '../../domain/submission.ts';
import { MAX_JSON_BYTES } from '../bound-keywords.ts';
import { currency, idText, minorUnits, moment, oneOf, text } from './field.ts';

const LEVELS_BYTES = 16_384; // 20 names of 200 Chinese characters, and their keys

const closed = { additionalProperties: false } as const;

export const AdvertiserBody = Type.Object(
  {
    type: oneOf(['hq', 'region', 'store', 'dealer', 'partner'], '投放方类型: who pays for the advertising.'),
    id: idText('投放方 id: of the advertiser.', 'hq'),
    name: text(200, '投放方名称: name of the advertiser.', '总部市场部'),
    budget_owner: text(200, '预算归属: whose budget pays.', '华东区'),
    ad_account_id: idText('广告账户 id: ad account.', '1789012345678901'),
    cost_centre: idText('成本中心: cost centre.', 'CC-310'),
  },
  { ...closed, description: '投放方: who advertises.' },
);

export const TrafficBody = Type.Object(
  {
    platform: text(64, '流量平台: platform.', 'douyin'),
    medium: text(64, '媒介: medium.', 'feed'),
    placement: text(200, '版位: placement.', '信息流'),
    account_id: idText('账户 id: account on the platform.', '7001'),
    account_name: text(200, '账户名称: name of the account.', '官方账号'),
    campaign_id: idText('推广计划 id: campaign on the platform.', '101'),
    campaign_name: text(200, '推广计划名称: name of that campaign.', '618 试驾'),
    adgroup_id: idText('广告组 id: ad group.', '202'),
    adgroup_name: text(200, '广告组名称: name of the ad group.', '杭州 25-40'),
    creative_id: idText('创意 id: creative.', '303'),
    creative_name: text(200, '创意名称: name of the creative.', '口播 A'),
    levels: Type.Optional(
      Type.Record(Type.String(), Type.String({ maxLength: 200 }), {
        maxProperties: 20,
        description: `The platform's own names of its levels (层级), as it calls them: at most ${LEVELS_BYTES} bytes as JSON.`,
        [MAX_JSON_BYTES]: LEVELS_BYTES,
        examples: [{ project_name: '试驾项目', promotion_id: '404' }],
      }),
    ),
    keyword: text(200, '关键词: keyword searched for.', '新能源 SUV'),
    landing_page: text(2048, '落地页: landing page.', 'https://example.com/lp'),
    form_id: idText('表单 id: form that was filled in.', '555'),
    referrer: text(2048, '来路: referrer.', 'https://example.com/'),
    utm_source: text(200, 'utm_source of the landing page: 来源.', 'douyin'),
    utm_medium: text(200, 'utm_medium of the landing page: 媒介.', 'cpc'),
    utm_campaign: text(200, 'utm_campaign of the landing page: 活动.', 'june'),
    utm_term: text(200, 'utm_term of the landing page: 关键词.', 'suv'),
    utm_content: text(200, 'utm_content of the landing page: 内容.', 'video-a'),
    click_id: text(1024, '点击 id: click id of the platform.', 'EOXNsZyQ'),
    click_id_kind: text(64, '点击 id 类型: what kind of click id: clickid, gclid, bd_vid, ….', 'clickid'),
    platform_lead_id: idText("线索 id of the platform: the lead's own id there.", '7390000000000000001'),
    content_id: idText('内容 id: video or note that was seen.', '909'),
    anchor_id: idText('主播 id: anchor of the live show.', '808'),
    scene_code: idText('二维码 / 场景值: QR or scene code.', 'QR-12'),
  },
  { ...closed, description: '流量方: where the person came from.' },
);

export const ProductBody = Type.Object(
  {
    brand: text(100, '品牌: brand.', '星途'),
    category: text(100, '品类: category.', 'SUV'),
    series: text(100, '系列 / 车系: series.', '揽月'),
    model: text(100, '型号 / SKU: model.', '揽月 400T'),
    quantity: Type.Optional(
      Type.Number({ minimum: 0, maximum: 1_000_000_000, description: '数量: quantity.', examples: [1] }),
    ),
    price: minorUnits('展示价格: price shown', 18_990_000),
    currency: currency(),
    store_of_interest: text(64, '意向门店: store of interest.', 'S1'),
  },
  { ...closed, description: '产品: what the person is interested in.' },
);

export const IntentBody = Type.Object(
  {
    kind: oneOf(TOUCH_KINDS, "触点类型: the kind of interest; the channel's default where it is absent."),
    budget: minorUnits('预算: declared budget', 20_000_000),
    currency: currency(),
    horizon: text(100, '购买周期: purchase horizon.', '1 个月内'),
    need: text(4000, '需求描述: need in words.', '想周末试驾'),
    appointment_at: moment('预约时间: appointment.'),
  },
  { ...closed, description: '意向: what the person wants.' },
);

export const CampaignBody = Type.Object(
  {
    id: idText('活动 id: campaign or event.', 'c1'),
    name: text(200, '活动名称: its name.', '六月团购会'),
    kind: text(64, '活动类型: its kind.', 'group_buy'),
    start: moment('开始时间: start.'),
    end: moment('结束时间: end.'),
    host: text(200, '主办方: host.', '杭州城西店'),
    venue: text(200, '地点: venue.', '西湖区文三路 1 号'),
    offer: text(500, '优惠: offer.', '订金膨胀'),
  },
  { ...closed, description: '活动: the campaign or event.' },
);

import t, { type Test } from 'tap';
import type { CanonicalField } from '../../src/channels/canonical-field.ts';
import { fieldOf, type HeaderStrength } from '../../src/channels/vocabulary.ts';

/** Headers that name a field by themselves. */
const NAMED: Readonly<Partial<Record<CanonicalField, string>>> = {
  'person.phone':
    '手机号 手机号码 手机 电话 电话号码 联系电话 联系手机 移动电话 联系方式 客户电话 phone mobile tel telphone telephone phone_number 客户手机号 客户手机 您的手机号 本人电话 手机1 电话1 主要电话 联系号码 cell mobile_no 手机号(必填) PHONE_NUMBER',
  'person.name':
    '姓名 名字 客户姓名 客户名称 联系人 称呼 真实姓名 您的姓名 name 用户姓名 线索姓名 怎么称呼您 full_name FULL_NAME',
  'person.wechat': '微信 微信号 微信账号 weixin wechat 微信ID 加微信 vx WX V信',
  'person.gender': '性别 gender 先生/女士',
  'person.province': '省份 省 所在省份 所在省 province',
  'person.city': '城市 所在城市 市 city',
  region: '地区 省市 所在地区 现居 地域 省/市 省市区',
  'person.street': '地址 address 详细地址 收货地址 通讯地址',
  'person.email': '邮箱 email 电子邮箱 邮件',
  channel: '渠道 渠道名称 渠道来源 媒体渠道 一级渠道 推广渠道 channel',
  'campaign.name': '活动名称 活动来源 市场活动 推广活动',
  occurred_at:
    '留资时间 留资日期 线索创建时间 线索生成时间 创建时间 提交时间 报名时间 原始线索报名时间 登记时间 线索时间 提交日期 获取时间 create_time created_time submitted_at',
  'product.model': '意向产品 意向车型 车型 产品名称 推广产品 咨询产品 意向课程 意向楼盘 意向户型',
  'product.series': '意向车系 车系',
  'product.brand': '意向品牌',
  'product.store_of_interest': '门店 意向门店 网点名称 经销商名称 专营店 到店门店 分店 经销商 校区',
  'intent.need': '备注 说明 留言 备注信息 需求 咨询内容 表单备注',
  'advertiser.name': '广告主名称 投放账户',
  'advertiser.ad_account_id': '广告主ID 账户ID',
  'traffic.campaign_id': '广告计划ID 计划ID campaign_id',
  'traffic.campaign_name': '广告计划 广告计划名称 推广计划 计划名称 campaign_name',
  'traffic.adgroup_id': '单元ID 广告组ID adset_id adgroup_id',
  'traffic.adgroup_name': '广告单元 单元名称 推广单元 广告组 广告组名称 adset_name',
  'traffic.creative_id': '创意ID 素材ID ad_id creative_id creativity_id cid',
  'traffic.creative_name': '广告创意 创意名称 素材名称 ad_name',
  'traffic.form_id': '组件ID 表单ID form_id',
  'traffic.click_id': '点击ID click_id clickid gclid gcl_id fbclid ttclid msclkid gdt_vid qz_gdt bd_vid',
  'traffic.keyword': 'keyword 关键词 搜索词 触发词 search_word',
  'traffic.medium': '流量类型',
  'traffic.platform': 'platform',
  external_id: '线索ID 线索编号 客资ID leads_id clue_id clueId lead_id',
  'person.tags': '线索标签 标签',
};

/** Headers that may name a field, and lose to any that does. */
const WEAK: Readonly<Partial<Record<CanonicalField, string>>> = {
  'person.phone': '号码',
  'person.name': '昵称 用户名 contact 用户小红书昵称 微信昵称',
  'person.city': '号码归属地 意向城市 上牌城市 提车城市',
  region: '区域 大区 归属地',
  channel: '平台 来源平台 二级渠道 媒体 投放平台',
  'campaign.name': '主题 campaign',
  occurred_at: '录入时间 入库时间 入库日期 日期 时间 下发时间',
  'product.model': '项目',
  'intent.need': '其他 跟进记录 最新跟进记录 客服备注',
  'advertiser.name': '账户 归属账号 跟进账户 账号',
  'traffic.campaign_id': '项目ID',
  'traffic.campaign_name': '项目名称',
  'traffic.form_id': '组件名称 表单名称 落地页ID 落地页名称 页面名称',
  'traffic.click_id': 'callback track_id req_id',
  external_id: '编号 id',
};

/** Headers that hold the word of a field. */
const WITHIN: Readonly<Partial<Record<CanonicalField, string>>> = {
  'person.phone': '请问您的手机号码是？ 请留下您的联系方式 家长手机号 customer_phone_number',
  'person.name': '学员姓名 请问怎么称呼',
  'person.wechat': '您的微信号是多少',
  'person.city': '您所在的城市',
  'product.model': '您想了解的车型',
  'intent.appointment_at': '请选择预约时间',
  'intent.horizon': '您的购车时间',
};

/** Headers that are about something else, or of which no field is sure. */
const NONE =
  '手机型号 手机品牌 手机系统 手机验证码 手机尾号 手机号状态 姓名拼音 联系人关系 联系时间 方便联系时间 电话时间 来电时间 通话时长 是否接听电话 邮箱验证码 微信群 企业微信 微信头像 紧急联系电话 推荐人姓名 推荐人手机号 介绍人电话 负责人电话 销售电话 顾问姓名 客服电话 门店电话 经销商代码 公司电话 现有车型 目前车型 置换车型 竞品车型 城市编码 隐私协议及手机号授权 phone_model phone_brand phone_type phone_verified iphone contact_time email_verified 来源 客户来源 线索来源 信息来源 source 获客来源 流量来源 来源类型 qq QQ号 跟进员工 负责人 招商 所属人 归属人 销售 顾问 客服 线索阶段 跟进状态 状态 意向等级 客户等级 所属门店 门店代码 预算 价格 拨打次数 __proto__ constructor';

function check(t: Test, table: Readonly<Partial<Record<CanonicalField, string>>>, strength: HeaderStrength): void {
  for (const [field, headers] of Object.entries(table)) {
    for (const header of headers.split(' ')) t.strictSame(fieldOf(header), { field, strength }, `${header} → ${field}`);
  }
}

t.test('a header that names a field', async (t) => check(t, NAMED, 'exact'));
t.test('a header that may name a field', async (t) => check(t, WEAK, 'weak'));
t.test('a question that holds the word of a field', async (t) => check(t, WITHIN, 'contains'));

t.test('a header that names none', async (t) => {
  for (const header of NONE.split(' ')) t.equal(fieldOf(header), null, header);
});

t.test('a statement is no question, whatever words it holds', async (t) => {
  t.equal(fieldOf(`我愿意留下我的手机号${'，以便了解更多活动'.repeat(6)}`), null);
});

t.test('the visitor of pages is a field', async (t) => {
  for (const header of ['visitor_id', 'Visitor ID', '访客ID', '访客 id']) {
    t.strictSame(fieldOf(header), { field: 'visitor_id', strength: 'exact' }, header);
  }
});

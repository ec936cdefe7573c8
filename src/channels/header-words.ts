import type { CanonicalField } from './canonical-field.ts';

/** The words of one field: `strong` names it, `weak` may name it and loses to any stronger header. */
export interface HeaderWords {
  readonly field: CanonicalField;
  readonly strong: string;
  readonly weak?: string;
}

/**
 * The headers of exports and forms, by field, words parted by spaces. Deliberately nowhere, so kept under extra by their own
 * names: 来源 and source (neither channel nor platform for sure), QQ, 线索阶段 and other states of a follow-up, 负责人 and other
 * staff (who owns a lead is decided, never imported), 所属门店 and 门店代码 (the capturing store is the source's to say), 预算 and
 * 价格 (texts such as 20万 are no amounts; a map's own rule may read whole numbers), 流量类型's like that name no field.
 */
export const HEADER_WORDS: readonly HeaderWords[] = [
  {
    field: 'external_id',
    strong: '线索id 线索编号 客资id 客资编号 leads_id lead_id leadgen_id clue_id submission_id response_id',
    weak: 'id 编号',
  },
  {
    field: 'channel',
    strong: '渠道 渠道名称 渠道来源 媒体渠道 一级渠道 推广渠道 channel',
    weak: '平台 来源平台 投放平台 媒体 二级渠道', // beside a 渠道 they are kept under extra
  },
  {
    field: 'occurred_at',
    strong:
      '留资时间 留资日期 线索创建时间 线索生成时间 创建时间 提交时间 报名时间 原始线索报名时间 登记时间 线索时间 提交日期 获取时间 create_time created_time created_at submitted_at submitted_time submit_time submission_time',
    weak: '录入时间 入库时间 入库日期 下发时间 日期 时间 timestamp date time',
  },
  { field: 'visitor_id', strong: 'visitor_id 访客id' },
  { field: 'test', strong: 'is_test 是否测试 测试线索' },
  {
    field: 'person.phone',
    strong:
      '手机号 手机号码 手机 电话 电话号码 联系电话 联系手机 移动电话 联系方式 客户电话 客户手机号 客户手机 客户手机号码 您的手机号 您的手机号码 您的电话 您的联系方式 本人电话 主要电话 联系号码 座机 固定电话 phone mobile tel telphone telephone phone_number mobile_no mobile_number mobile_phone cell cellphone cell_phone user_phone_number',
    weak: '号码 work_phone_number work_phone',
  },
  { field: 'person.wechat', strong: '微信 微信号 微信账号 微信id 加微信 weixin wechat wechat_id vx wx v信' },
  {
    field: 'person.name',
    strong:
      '姓名 名字 客户姓名 客户名称 联系人 联系人姓名 称呼 客户称呼 真实姓名 您的姓名 用户姓名 线索姓名 怎么称呼您 name full_name customer_name',
    weak: '用户名 昵称 用户昵称 微信昵称 抖音昵称 小红书昵称 用户小红书昵称 contact contact_name nickname first_name last_name',
  },
  { field: 'person.gender', strong: '性别 gender sex 先生/女士' },
  { field: 'person.email', strong: '邮箱 电子邮箱 邮件 邮箱地址 email e-mail email_address mail work_email' },
  { field: 'person.province', strong: '省份 省 所在省份 所在省 province province_name', weak: 'state' },
  {
    field: 'person.city',
    strong: '城市 所在城市 市 居住城市 city city_name',
    weak: '意向城市 上牌城市 提车城市 购车城市 号码归属地 手机归属地 手机号归属地',
  },
  { field: 'person.district', strong: '区县 区/县 所在区县 所在区 县 区 district county county_name' },
  {
    field: 'person.street',
    strong: '地址 详细地址 收货地址 通讯地址 联系地址 家庭住址 address street street_address',
  },
  {
    field: 'person.company',
    strong: '公司 公司名称 企业名称 单位 单位名称 工作单位 company company_name organization',
  },
  { field: 'person.job_title', strong: '职务 职位 岗位 job_title', weak: 'title' },
  { field: 'person.industry', strong: '行业 所属行业 所在行业 industry' },
  { field: 'person.company_size', strong: '公司规模 企业规模 人员规模 company_size' },
  { field: 'person.tags', strong: '标签 线索标签 客户标签 用户标签 tags', weak: 'tag' },
  {
    field: 'region',
    strong: '地区 省市 省/市 省市区 所在地区 所在地 现居 现居地 居住地 地域 省份城市 location',
    weak: '区域 大区 归属地 region',
  },
  { field: 'traffic.platform', strong: 'platform traffic_platform 流量平台' },
  { field: 'traffic.medium', strong: '流量类型 媒介 medium' },
  { field: 'traffic.placement', strong: '版位 广告位 广告版位 placement' },
  {
    field: 'traffic.campaign_id',
    strong: '广告计划id 推广计划id 计划id campaign_id ad_plan_id',
    weak: '项目id project_id', // of the newer accounts; a 楼盘 has projects too
  },
  {
    field: 'traffic.campaign_name',
    strong: '广告计划 广告计划名称 推广计划 推广计划名称 计划名称 campaign_name ad_plan_name',
    weak: '项目名称 project_name',
  },
  {
    field: 'traffic.adgroup_id',
    strong: '单元id 广告单元id 推广单元id 广告组id adset_id adgroup_id ad_group_id unit_id',
  },
  {
    field: 'traffic.adgroup_name',
    strong:
      '广告单元 单元 单元名称 广告单元名称 推广单元 广告组 广告组名称 adset_name adgroup_name ad_group_name unit_name',
  },
  {
    field: 'traffic.creative_id',
    strong: '创意id 广告创意id 素材id creative_id creativity_id cid ad_id',
    weak: '广告id',
  },
  {
    field: 'traffic.creative_name',
    strong: '广告创意 创意 创意名称 广告创意名称 素材名称 creative_name creativity_name ad_name',
    weak: '广告名称',
  },
  { field: 'traffic.keyword', strong: '关键词 搜索词 触发词 keyword search_word' },
  {
    field: 'traffic.landing_page',
    strong: '落地页 落地页链接 落地页地址 落地页url landing_page landing_page_url page_url',
    weak: 'url',
  },
  {
    field: 'traffic.form_id',
    strong: '组件id 表单id form_id component_id',
    weak: '落地页id 组件名称 表单名称 落地页名称 页面名称 form_name page_id page_name', // a name stands for an id that is not given
  },
  { field: 'traffic.referrer', strong: '来路 referrer referer' },
  { field: 'traffic.utm_source', strong: 'utm_source' },
  { field: 'traffic.utm_medium', strong: 'utm_medium' },
  { field: 'traffic.utm_campaign', strong: 'utm_campaign' },
  { field: 'traffic.utm_term', strong: 'utm_term' },
  { field: 'traffic.utm_content', strong: 'utm_content' },
  {
    field: 'traffic.click_id',
    strong: '点击id click_id clickid gclid gcl_id gbraid wbraid fbclid ttclid msclkid gdt_vid qz_gdt bd_vid li_fat_id',
    weak: 'callback track_id req_id',
  },
  { field: 'traffic.content_id', strong: '视频id 笔记id 内容id video_id note_id', weak: '来源笔记' },
  { field: 'traffic.anchor_id', strong: '主播id anchor_id', weak: '主播' },
  { field: 'traffic.scene_code', strong: '场景值 二维码id scene_code' },
  {
    field: 'advertiser.name',
    strong: '广告主名称 广告主 投放账户 账户名称 广告账户名称 advertiser_name adv_name account_name',
    weak: '账户 归属账号 跟进账户 账号',
  },
  {
    field: 'advertiser.ad_account_id',
    strong: '广告主id 账户id 广告账户id 投放账户id advertiser_id adv_id ad_account_id account_id',
    weak: '账号id',
  },
  { field: 'product.brand', strong: '意向品牌 品牌 brand' },
  { field: 'product.category', strong: '品类 产品类别 product_category' },
  { field: 'product.series', strong: '意向车系 车系 系列 series' },
  {
    field: 'product.model',
    strong:
      '意向产品 意向车型 车型 产品名称 推广产品 咨询产品 意向课程 意向楼盘 意向户型 产品 型号 sku product product_name model',
    weak: '项目',
  },
  { field: 'product.quantity', strong: '数量 购买数量 采购数量 quantity' },
  {
    field: 'product.store_of_interest',
    strong: '意向门店 门店 门店名称 网点名称 经销商名称 专营店 分店 到店门店 校区 意向校区 经销商 store store_name',
    weak: '意向门店id store_id',
  },
  { field: 'intent.horizon', strong: '购买周期 购车时间 购车计划 预计购车时间 计划购车时间 购买时间 预计购买时间' },
  {
    field: 'intent.need',
    strong: '备注 备注信息 说明 留言 需求 需求描述 咨询内容 表单备注 客户需求 remark message comments',
    weak: '其他 跟进记录 最新跟进记录 客服备注 remarks note notes comment', // what staff wrote, where nothing of the person is there
  },
  { field: 'intent.appointment_at', strong: '预约时间 预约日期 预约到店时间 到店时间 试驾时间 appointment_at' },
  { field: 'campaign.id', strong: '活动id' },
  { field: 'campaign.name', strong: '活动名称 活动来源 市场活动 推广活动', weak: '主题 活动 campaign' },
  { field: 'campaign.kind', strong: '活动类型' },
  { field: 'campaign.host', strong: '主办方' },
  { field: 'campaign.venue', strong: '活动地点' },
];

/** Words that name a field within a longer question, the field with the more specific words first. */
export const INNER_WORDS: readonly (readonly [CanonicalField, string])[] = [
  ['external_id', '线索id 线索编号'],
  ['person.phone', '手机号码 手机号 手机 电话号码 电话 联系方式 phonenumber telephone mobile phone'],
  ['person.wechat', '微信号 微信 wechat weixin'],
  ['person.name', '姓名 称呼 名字 fullname'],
  ['person.gender', '性别'],
  ['person.email', '邮箱 email'],
  ['person.province', '省份'],
  ['person.city', '城市'],
  ['region', '地区 省市'],
  ['person.street', '地址 住址'],
  ['person.company', '公司名称 单位名称 企业名称'],
  ['person.job_title', '职务 职位'],
  ['person.industry', '行业'],
  ['product.brand', '意向品牌'],
  ['product.series', '车系'],
  ['product.model', '意向产品 意向车型 车型'],
  ['product.store_of_interest', '意向门店 到店门店'],
  ['occurred_at', '留资时间 提交时间 报名时间 线索创建时间'],
  ['intent.appointment_at', '预约时间 预约日期 到店时间 试驾时间'],
  ['intent.horizon', '购车时间 购车计划 购买时间 购买周期'],
  ['intent.need', '留言 备注 需求 咨询内容'],
];

/** A question with one of these is about something else: it is read by its whole name or not at all. */
export const DENIED_WORDS = [
  '型号 手机品牌 手机系统 手机价 归属 验证 拼音 关系 昵称 头像 密码 加密 md5 hash 哈希 尾号 后四位 后4位', // about a phone or name
  '联系时间 方便联系 电话时间 来电时间 通话 接听 接电话 拨打 录音 时段 次数 状态 类型 偏好 人数 是否 能否 可否 有无', // a time or a yes
  '微信群 微信支付 企业微信 公众号 小程序 朋友圈 同意 授权 协议 隐私 声明', // not an id, or a consent
  '紧急 推荐人 介绍人 被推荐 负责人 销售 顾问 客服 跟进 招商 所属 员工 店长 经办 录入人 创建人', // somebody else
  '门店电话 门店地址 门店手机 经销商 公司电话 公司地址 单位电话 单位地址 公司手机 ip地址 网址 链接 邮件地址', // a place
  '现有 目前 当前 置换 旧车 二手 竞品 对比 原手机 旧手机 编码 代码 设备', // what the person has already, or a code
  'phonemodel phonebrand phonetype phonecode phonecountry phonetime phoneos phoneverif iphone microphone headphone', //
  'mobilemodel mobilebrand mobileos mobiletype mobileapp emailverif emailtype emailopt contacttime consent agree verified valid',
];

import type { FieldMap } from './field-map.ts';

/** A ready map for what a platform exports. */
export interface ImportPreset {
  readonly name: string;
  readonly about: string; // what is exported where
  readonly map: FieldMap;
}

/** 抖音来客 and 客资中心: headers as importers of these files have them; those after 最新跟进记录 are from their column maps only. */
const DOUYIN_LAIKE: FieldMap = {
  synonyms: 'all',
  fields: {
    channel: [{ label: '渠道' }, { constant: 'douyin' }],
    occurred_at: { label: '线索创建时间' },
    'person.phone': { label: '手机号' },
    'person.name': { label: '姓名' },
    'person.city': { label: '所在城市' },
    'person.tags': { label: '线索标签' },
    'traffic.platform': { constant: 'douyin' },
    'traffic.medium': { label: '流量类型' },
    'traffic.adgroup_id': { label: '单元ID' },
    'traffic.adgroup_name': { label: '单元名称' },
    'advertiser.name': { label: '跟进账户' },
    'product.store_of_interest': [{ label: '意向门店' }, { label: '意向门店ID' }],
  },
};

/** 聚光 线索列表; 详情 holds `标签:值;` pairs, read like the answers of a form. 小红书号 and 用户ID of some exports name no field. */
const XIAOHONGSHU_JUGUANG: FieldMap = {
  synonyms: 'all',
  pairs: ['详情'],
  lists: [{ path: '详情', label: 'label', value: 'value' }],
  absent: ['-1'],
  fields: {
    channel: [{ label: '渠道' }, { constant: 'xhs' }],
    occurred_at: { label: '线索生成时间' },
    'person.phone': { label: '手机号' },
    'person.wechat': { label: '微信号' },
    'person.name': [{ label: '姓名' }, { label: '用户小红书昵称' }],
    'traffic.platform': { constant: 'xiaohongshu' },
    'traffic.medium': { label: '流量类型' },
    'traffic.creative_id': { label: '创意ID' },
    'traffic.creative_name': { label: '创意名称' },
    'traffic.content_id': [{ label: '笔记ID' }, { label: '来源笔记' }],
    'advertiser.name': { label: '归属账号' },
  },
};

/**
 * Meta Lead Ads: what is before the number of an id says what it is of. Only p: of phones was seen in a file; l:, ag:, as:, c:
 * and f: are recalled, and so is that the word for an ad is ag. Questions of the form are read by the vocabulary.
 */
const META: FieldMap = {
  synonyms: 'all',
  id_prefixes: ['l:', 'ag:', 'as:', 'c:', 'f:'],
  codes: {
    'traffic.platform': { fb: 'facebook', ig: 'instagram' },
    'traffic.medium': { true: 'organic', TRUE: 'organic', false: 'paid', FALSE: 'paid' },
  },
  fields: {
    external_id: { label: 'id' },
    channel: { constant: 'meta' },
    occurred_at: { label: 'created_time' },
    'person.phone': { label: 'phone_number' },
    'person.name': { label: 'full_name' },
    'person.email': { label: 'email' },
    'traffic.platform': [{ label: 'platform' }, { constant: 'meta' }],
    'traffic.medium': { label: 'is_organic' },
    'traffic.campaign_id': { label: 'campaign_id' },
    'traffic.campaign_name': { label: 'campaign_name' },
    'traffic.adgroup_id': { label: 'adset_id' },
    'traffic.adgroup_name': { label: 'adset_name' },
    'traffic.creative_id': { label: 'ad_id' },
    'traffic.creative_name': { label: 'ad_name' },
    'traffic.form_id': [{ label: 'form_id' }, { label: 'form_name' }],
    'traffic.platform_lead_id': { label: 'id' },
  },
};

/** The maps that come with the service, by the names that imports ask for them by. */
export const IMPORT_PRESETS: readonly ImportPreset[] = [
  { name: 'douyin-laike', about: '抖音来客, 客资中心: the exported list of leads (线索)', map: DOUYIN_LAIKE },
  { name: 'xiaohongshu-juguang', about: '小红书聚光: the exported 线索列表', map: XIAOHONGSHU_JUGUANG },
  { name: 'meta', about: 'Meta Lead Ads (Facebook, Instagram): the downloaded leads of a form', map: META },
];

import type { FieldMap } from './field-map.ts';

/**
 * 巨量引擎 and 飞鱼 name the fields of a lead (线索) alike but for a few: this reads both. From the fields of tools/clue/get in
 * oceanengine/ad_open_sdk_java and from pushes of 飞鱼 as receivers have them; `telphone` is spelled so by the platform.
 */
export const CLUE_MAP: FieldMap = {
  fields: {
    external_id: [{ path: 'clue_id' }, { path: 'id' }],
    occurred_at: [{ path: 'create_time_detail' }, { path: 'create_time' }, { path: 'date' }],
    'person.phone': [{ path: 'telephone' }, { path: 'telphone' }, { path: 'phone' }],
    'person.wechat': { path: 'weixin' },
    'person.name': { path: 'name' },
    'person.gender': { path: 'gender' },
    'person.email': { path: 'email' },
    'person.province': { path: 'province_name' },
    'person.city': { path: 'city_name' },
    'person.district': [{ path: 'county_name' }, { path: 'country_name' }], // country_name holds the district
    'person.street': { path: 'address' },
    region: { path: 'location' },
    'traffic.platform': { constant: 'oceanengine' },
    'traffic.medium': { path: 'flow_type' },
    'traffic.placement': [{ path: 'app_name' }, { path: 'appname' }],
    'traffic.account_id': [{ path: 'advertiser_id' }, { path: 'adv_id' }],
    'traffic.account_name': [{ path: 'advertiser_name' }, { path: 'adv_name' }],
    'traffic.campaign_id': [{ path: 'ad_id' }, { path: 'ad_plan_id' }, { path: 'project_id' }],
    'traffic.campaign_name': [{ path: 'ad_name' }, { path: 'ad_plan_name' }],
    'traffic.adgroup_id': { path: 'promotion_id' },
    'traffic.adgroup_name': { path: 'promotion_name' },
    'traffic.creative_id': [{ path: 'creative_id' }, { path: 'cid' }],
    'traffic.keyword': { path: 'search_bid_word' },
    'traffic.landing_page': { path: 'external_url' },
    'traffic.form_id': [{ path: 'module_id' }, { path: 'site_id' }],
    'traffic.click_id': { path: 'req_id' },
    'traffic.platform_lead_id': [{ path: 'clue_id' }, { path: 'id' }],
    'product.store_of_interest': [{ path: 'store_name' }, { path: 'store.store_name' }],
    'intent.need': { path: 'remark' },
  },
  lists: [
    { path: 'remark_dict', label: 'label', value: 'value' },
    { path: 'business_dict', label: 'label', value: 'value' },
  ],
  nested: ['mid_info', 'store'],
  synonyms: 'labels',
  absent: ['未命名', '-'],
  codes: { 'person.gender': { '0': 'unknown', '1': 'male', '2': 'female' } },
};

/** Members that hold the answers of the form: text, object or list. */
export const CLUE_ANSWERS: readonly string[] = ['remark_dict', 'business_dict'];

/** The platform's own names of its levels: 计划 of the older accounts, 项目 and 广告 of the newer. */
export const CLUE_LEVELS: readonly string[] = [
  'ad_id',
  'ad_name',
  'ad_plan_id',
  'ad_plan_name',
  'project_id',
  'promotion_id',
  'promotion_name',
  'creative_id',
  'cid',
  'site_id',
  'site_name',
  'module_id',
  'module_name',
];

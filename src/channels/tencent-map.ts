import type { FieldMap } from './field-map.ts';

/** 身份证号 and the like: personal identity numbers, which no part of selling needs. */
export const IDENTITY_NUMBERS: readonly string[] = ['leads_id_number'];

/** Pushes as receivers have them (`leads_tel`, `bundle`) and the pull interface leads_list/get (`leads_telephone`, `custom_qa`). */
export const TENCENT_MAP: FieldMap = {
  fields: {
    external_id: [{ path: 'leads_id' }, { path: 'outer_leads_id' }],
    occurred_at: [{ path: 'leads_create_time' }, { path: 'leads_action_time' }],
    'person.phone': [{ path: 'leads_tel' }, { path: 'leads_telephone' }],
    'person.wechat': { path: 'leads_wechat' },
    'person.name': { path: 'leads_name' },
    'person.gender': { path: 'leads_gender' },
    'person.email': { path: 'leads_email' },
    'person.street': { path: 'leads_address' },
    'person.job_title': { path: 'leads_profession' },
    region: { path: 'leads_area' },
    'traffic.platform': { constant: 'tencent' },
    'traffic.account_id': { path: 'account_id' },
    'traffic.campaign_id': { path: 'campaign_id' },
    'traffic.campaign_name': { path: 'campaign_name' },
    'traffic.adgroup_id': { path: 'adgroup_id' },
    'traffic.adgroup_name': { path: 'adgroup_name' },
    'traffic.creative_id': [{ path: 'creative_id' }, { path: 'adcreative_id' }, { path: 'ad_id' }],
    'traffic.creative_name': [{ path: 'creative_name' }, { path: 'adcreative_name' }, { path: 'ad_name' }],
    'traffic.landing_page': { path: 'page_url' },
    'traffic.form_id': { path: 'page_id' },
    'traffic.click_id': { path: 'click_id' },
    'traffic.platform_lead_id': { path: 'leads_id' },
    'product.store_of_interest': { path: 'shop_name' },
    'intent.need': { path: 'memo' },
  },
  lists: [
    { path: 'bundle', label: 'label', value: 'value' },
    { path: 'custom_qa', label: 'label', value: 'value' },
  ],
  synonyms: 'labels',
  ignore: IDENTITY_NUMBERS,
  codes: {
    'person.gender': {
      GENDER_TYPE_UNKNOWN: 'unknown',
      GENDER_TYPE_MALE: 'male',
      GENDER_TYPE_FEMALE: 'female',
    },
  },
};

/** The platform's own names of its levels: 计划, 广告, 创意. */
export const TENCENT_LEVELS: readonly string[] = [
  'campaign_id',
  'campaign_name',
  'adgroup_id',
  'adgroup_name',
  'ad_id',
  'ad_name',
  'creative_id',
  'creative_name',
  'adcreative_id',
  'adcreative_name',
];

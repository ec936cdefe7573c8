import type { FieldMap } from './field-map.ts';

/** The fields of a lead of 抖音生活服务, by their names in tools/clue/life/get of oceanengine/ad_open_sdk_java. */
export const LIFE_MAP: FieldMap = {
  fields: {
    external_id: [{ path: 'clue_id' }, { path: 'order_id' }],
    occurred_at: [{ path: 'create_time_detail' }, { path: 'create_time' }],
    'person.phone': [{ path: 'telephone' }, { path: 'phone' }, { path: 'phone_number' }, { path: 'mobile' }],
    'person.wechat': { path: 'weixin' },
    'person.name': { path: 'name' },
    'person.gender': { path: 'gender' },
    'person.province': { path: 'auto_province_name' },
    'person.city': { path: 'auto_city_name' },
    'traffic.platform': { constant: 'douyin' },
    'traffic.medium': { path: 'flow_type' },
    'traffic.placement': { path: 'action_type' },
    'traffic.account_id': { path: 'local_account_id' },
    'traffic.campaign_id': [{ path: 'promotion_id' }, { path: 'ad_id' }],
    'traffic.campaign_name': [{ path: 'promotion_name' }, { path: 'ad_name' }],
    'traffic.form_id': { path: 'tool_id' },
    'traffic.content_id': [{ path: 'video_id' }, { path: 'content_id' }],
    'traffic.anchor_id': { path: 'author_id' },
    'traffic.click_id': { path: 'req_id' },
    'traffic.platform_lead_id': { path: 'clue_id' },
    'product.model': { path: 'product_name' },
    'product.store_of_interest': [{ path: 'intention_poi_id' }, { path: 'intention_life_account_name' }],
    'intent.need': { path: 'remark' },
  },
  lists: [{ path: 'remark_dict', label: 'label', value: 'value' }],
  synonyms: 'labels',
  absent: ['未命名'],
  codes: { 'person.gender': { UNKNOWN: 'unknown', MALE: 'male', FEMALE: 'female' } },
};

/** The platform's own names of its levels. */
export const LIFE_LEVELS: readonly string[] = [
  'ad_id',
  'ad_name',
  'promotion_id',
  'promotion_name',
  'video_id',
  'title_id',
  'content_id',
  'tool_id',
  'author_id',
  'follow_life_account_id',
];

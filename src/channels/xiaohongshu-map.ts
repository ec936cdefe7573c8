import type { FieldMap } from './field-map.ts';

/** 表单 and 私信 of 小红书: their names do not contradict each other (creative_id of the one is creativity_id of the other). */
export const XIAOHONGSHU_MAP: FieldMap = {
  fields: {
    occurred_at: [{ path: 'submitted_time' }, { path: 'time' }],
    'person.phone': { path: 'phone_num' },
    'person.wechat': { path: 'wechat' },
    region: { path: 'area' },
    'traffic.platform': { constant: 'xiaohongshu' },
    'traffic.account_id': { path: 'account_id' },
    'traffic.account_name': [{ path: 'account_name' }, { path: 'ad_account' }],
    'traffic.campaign_id': { path: 'campaign_id' },
    'traffic.campaign_name': { path: 'campaign_name' },
    'traffic.adgroup_id': { path: 'unit_id' },
    'traffic.adgroup_name': { path: 'unit_name' },
    'traffic.creative_id': [{ path: 'creative_id' }, { path: 'creativity_id' }],
    'traffic.creative_name': [{ path: 'creative_name' }, { path: 'creativity_name' }],
    'traffic.keyword': { path: 'keyword' },
    'traffic.landing_page': { path: 'url' },
    'traffic.form_id': { path: 'landing_page_id' },
    'traffic.referrer': { path: 'note_link' },
    'traffic.platform_lead_id': [{ path: 'leads_id' }, { path: 'id' }],
    'traffic.anchor_id': { path: 'msg_receive_id' },
    'intent.need': { path: 'remark' },
  },
  lists: [{ path: 'data', label: 'label', value: 'value' }],
  synonyms: 'labels',
  absent: ['-1'],
};

/** The platform's own names of its levels: 计划, 单元, 创意. */
export const XIAOHONGSHU_LEVELS: readonly string[] = [
  'campaign_id',
  'campaign_name',
  'unit_id',
  'unit_name',
  'creative_id',
  'creativity_id',
  'creativity_name',
];

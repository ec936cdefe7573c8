import type { FieldMap } from './field-map.ts';

/**
 * Pushes as receivers have them, and the names of LeadsNoticeService.getNoticeList. `wechatAccount` is not read as the person's:
 * on a page that shows an account to add it would be the advertiser's own, and would make one person of all who came.
 */
export const BAIDU_MAP: FieldMap = {
  fields: {
    external_id: { path: 'clueId' },
    occurred_at: { path: 'commitTime' },
    'person.phone': [{ path: 'cluePhoneNumber' }, { label: 'phone' }],
    'person.name': [{ label: 'name' }, { path: 'userName' }],
    region: { path: 'area' },
    'traffic.platform': { constant: 'baidu' },
    'traffic.placement': { path: 'flowChannelName' },
    'traffic.account_id': { path: 'ucid' },
    'traffic.campaign_id': { path: 'campaignId' },
    'traffic.campaign_name': { path: 'campaignName' },
    'traffic.adgroup_id': { path: 'unitId' },
    'traffic.adgroup_name': { path: 'unitName' },
    'traffic.keyword': [{ path: 'keyword' }, { path: 'searchWord' }],
    'traffic.landing_page': [{ path: 'url' }, { path: 'consultUrl' }],
    'traffic.form_id': { path: 'pageId' },
    'traffic.platform_lead_id': { path: 'clueId' },
  },
  lists: [{ path: 'formDetail', label: 'name', value: 'value', type: 'type' }],
  nested: ['formDetail'],
  synonyms: 'labels',
};

/** The platform's own names of its levels: 计划, 单元. */
export const BAIDU_LEVELS: readonly string[] = ['campaignId', 'campaignName', 'unitId', 'unitName'];

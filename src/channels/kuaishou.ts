import type { Channel } from './channel.ts';
import { genericChannel } from './generic.ts';

/**
 * 快手 磁力引擎: how it pushes is not known, so that everything is settings, with the field names of its pull interface
 * (POST ad.e.kuaishou.com/rest/openapi/v2/gemini/crm/clue/list) for whoever reads that and passes the rows on.
 */
export const kuaishou: Channel = genericChannel('kuaishou', '快手 磁力引擎', {
  settings: { external_id: 'id' },
  defaults: { channel: 'kuaishou', touchKind: 'form', completesLater: false, updateSemantics: false },
  fieldMap: {
    fields: {
      external_id: [{ path: 'id' }, { path: 'external_id' }],
      occurred_at: [{ path: 'create_time' }, { path: 'occurred_at' }],
      'person.phone': { path: 'phone' },
      'person.name': [{ path: 'user_name' }, { path: 'name' }],
      'traffic.platform': { constant: 'kuaishou' },
      'traffic.account_id': [{ path: 'account_id' }, { path: 'advertiser_id' }],
      'traffic.form_id': { path: 'page_id' },
      'traffic.platform_lead_id': { path: 'id' },
      'intent.kind': { path: 'source_type' },
    },
    synonyms: 'none',
    codes: { 'intent.kind': { '1': 'form', '2': 'call', '3': 'consult' } }, // form, smart phone, consult page
  },
});

import type { Draft } from '../domain/submission.ts';
import { ANSWER_FIELDS, ANSWERS, answersOf, withFullName } from './answers.ts';
import type { Channel, Split } from './channel.ts';
import { decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { idOf } from './id-of.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { json } from './reply.ts';
import { verify } from './signature.ts';
import { sharedKey } from './signature-presets.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

/** The shared key in the body is the only proof; developers.google.com/google-ads/webhook/docs/implementation. */
const GOOGLE_KEY: SignatureScheme = sharedKey({ in: 'body', name: 'google_key' });

const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  ignore: ['api_version', 'is_test'],
  fields: {
    ...ANSWER_FIELDS,
    'person.province': [{ label: 'REGION' }],
    occurred_at: { path: 'lead_submit_time' },
    'traffic.platform': { constant: 'google' },
    'traffic.platform_lead_id': { path: 'lead_id' },
    'traffic.form_id': { path: 'form_id' },
    'traffic.campaign_id': { path: 'campaign_id' },
    'traffic.adgroup_id': { path: 'adgroup_id' },
    'traffic.creative_id': { path: 'creative_id' },
    'traffic.click_id': { path: 'gcl_id' },
  },
};

// Strictly 200 with an empty object: a receiver saw 202 refused. The message is shown to the advertiser.
const REPLIES = repliesOf(json(200, {}), (status, message) => json(status, { message }));

/** Google Ads lead forms: each push is one whole lead. */
export const googleAds: Channel = {
  kind: 'google-ads',
  title: 'Google Ads 潜在客户表单',
  secret: 'required',
  credentials: {},
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: 'search', touchKind: 'form', completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate: (push, setup) => verify(GOOGLE_KEY, push, setup.secrets),
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function split(value: unknown): Split {
  const lead = recordOf(value);
  if (lead === null || (idOf(lead, ['lead_id']) === null && !Array.isArray(lead['user_column_data']))) {
    return { kind: 'unmappable', detail: 'The body has neither lead_id nor user_column_data.' };
  }
  const content = without(lead, ['google_key']);
  const shape = { label: 'column_name', value: 'string_value', type: 'column_id' };
  const answers = withFullName(answersOf(lead['user_column_data'], shape));
  return {
    kind: 'items',
    items: [
      {
        kind: 'lead',
        deliveryId: null,
        externalId: idOf(lead, ['lead_id']),
        content,
        record: { ...without(content, ['user_column_data']), answers },
        draft: known(lead),
        reference: null,
        alone: value,
      },
    ],
  };
}

function known(lead: Readonly<Record<string, unknown>>): Draft {
  const test = lead['is_test'] === true || textOf(lead['is_test']) === 'true';
  return {
    ...(test ? { test: true } : {}),
    ...(textOf(lead['gcl_id']) === null ? {} : { traffic: { click_id_kind: 'gclid' } }),
  };
}

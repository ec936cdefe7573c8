import { ANSWER_FIELDS, ANSWERS, answersOf, withFullName } from './answers.ts';
import type { Channel, Item, Split } from './channel.ts';
import { decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { idOf } from './id-of.ts';
import { listOf } from './list-of.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { hmacBody } from './signature.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { signedWhereSecret } from './signed-where-secret.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const LEAD = '1'; // the number of the lead topic; others come to the same address

/** HMAC-SHA256 in hex, over the body as sent or with its non-ASCII escaped: receivers of others disagree on which. */
const SIGNATURE: SignatureScheme = {
  ...hmacBody({ header: 'x-open-signature', prefix: '', algorithm: 'sha256', encoding: 'hex' }),
  escaped: 'raw_or_escaped',
};

const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  fields: {
    ...ANSWER_FIELDS,
    occurred_at: { path: 'create_time' },
    'traffic.platform': { constant: 'tiktok' },
    'traffic.platform_lead_id': { path: 'id' },
    'traffic.account_id': { path: 'advertiser_id' },
    'traffic.campaign_id': { path: 'campaign_id' },
    'traffic.adgroup_id': { path: 'adgroup_id' },
    'traffic.creative_id': { path: 'ad_id' },
    'traffic.form_id': { path: 'page_id' },
    'traffic.placement': { path: 'lead_source' },
  },
};

const REPLIES = repliesOf(empty(200), empty);

/** TikTok lead generation, as receivers of others saw it: whole leads, several in one push. */
export const tiktok: Channel = {
  kind: 'tiktok',
  title: 'TikTok Lead Generation',
  secret: 'optional',
  credentials: {},
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: 'tiktok', touchKind: 'form', completesLater: false, updateSemantics: false },
  handshake: () => null,
  // No scheme is in the platform's own pages.
  authenticate: signedWhereSecret(SIGNATURE),
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function split(value: unknown): Split {
  const body = recordOf(value);
  if (body === null) return { kind: 'unmappable', detail: 'The body is no JSON object.' };
  const topic = textOf(body['object']);
  if (topic !== null && topic !== LEAD) return { kind: 'items', items: [{ kind: 'ignored', why: 'topic_unknown' }] };
  const entries = listOf(body['entry']).map(recordOf);
  const leads = entries.filter((entry) => entry !== null);
  if (leads.length === 0) return { kind: 'unmappable', detail: 'The body has no entry with a lead.' };
  return { kind: 'items', items: leads.map((entry) => itemOf(body, entry)) };
}

function itemOf(body: Readonly<Record<string, unknown>>, entry: Readonly<Record<string, unknown>>): Item {
  const externalId = idOf(entry, ['id']);
  const answers = withFullName(answersOf(entry['changes'], { label: 'field', value: 'value' }));
  return {
    kind: 'lead',
    deliveryId: null,
    externalId,
    content: { ...entry, id: externalId },
    record: { ...without(entry, ['changes']), answers },
    draft: {},
    reference: null,
    alone: { ...body, entry: [entry] },
  };
}

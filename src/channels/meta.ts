import { ANSWER_FIELDS, ANSWERS } from './answers.ts';
import type { Channel, Handshake, Item, Push, Setup, Split } from './channel.ts';
import { decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { idOf } from './id-of.ts';
import { listOf } from './list-of.ts';
import { META_FETCH_SETTINGS, metaFetch } from './meta-fetch.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty, text } from './reply.ts';
import { hmacBody, sameText, verify } from './signature.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { EXPIRES_AT } from './token-expiry.ts';

/** HMAC-SHA256 with the app secret; developers.facebook.com/docs/graph-api/webhooks/getting-started. */
const SIGNATURE: SignatureScheme = hmacBody({
  header: 'x-hub-signature-256',
  prefix: 'sha256=',
  algorithm: 'sha256',
  encoding: 'hex',
});

// adgroup_id of a push is left to `extra`: in the platform's older words it is the id of the ad.
const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  ignore: ['id', 'leadgen_id'],
  codes: { 'traffic.platform': { fb: 'facebook', ig: 'instagram' } },
  fields: {
    ...ANSWER_FIELDS,
    occurred_at: { path: 'created_time' },
    'traffic.platform': [{ path: 'platform' }, { constant: 'meta' }],
    'traffic.platform_lead_id': [{ path: 'leadgen_id' }, { path: 'id' }],
    'traffic.form_id': { path: 'form_id' },
    'traffic.campaign_id': { path: 'campaign_id' },
    'traffic.campaign_name': { path: 'campaign_name' },
    'traffic.adgroup_id': { path: 'adset_id' },
    'traffic.adgroup_name': { path: 'adset_name' },
    'traffic.creative_id': { path: 'ad_id' },
    'traffic.creative_name': { path: 'ad_name' },
    'traffic.anchor_id': { path: 'page_id' },
  },
};

type Body = Readonly<Record<string, unknown>>;
const REPLIES = repliesOf(empty(200), empty);

/** Meta lead ads (Facebook and Instagram): a push names its leads by id, and their answers are fetched. */
export const meta: Channel = {
  kind: 'meta',
  title: 'Meta Lead Ads (Facebook, Instagram)',
  secret: 'required',
  credentials: {
    verify_token: {
      description: 'The verify token that was typed into the webhook form of the app, which the platform sends back.',
      required: true,
    },
    access_token: {
      description:
        'The access token of the page, with the right leads_retrieval: the answers of a lead are fetched with it.',
      required: true,
    },
    access_token_expires_at: EXPIRES_AT,
  },
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      escaped_signature: {
        type: 'boolean',
        default: false,
        description: 'Also take signatures over the body with its non-ASCII characters escaped as \\uXXXX.',
      },
      ...META_FETCH_SETTINGS,
    },
  },
  defaults: { channel: 'meta', touchKind: 'form', completesLater: true, updateSemantics: false },
  handshake,
  authenticate: (push, setup) => {
    const escaped = setup.settings['escaped_signature'] === true ? 'raw_or_escaped' : 'raw';
    return verify({ ...SIGNATURE, escaped }, push, setup.secrets);
  },
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: metaFetch,
};

function handshake(push: Push, setup: Setup): Handshake | null {
  if (push.method !== 'GET') return null;
  const query = new URLSearchParams(push.query);
  const challenge = query.get('hub.challenge');
  if (query.get('hub.mode') !== 'subscribe' || challenge === null) return null;
  const expected = setup.credentials['verify_token'] ?? '';
  const passed = expected !== '' && sameText(query.get('hub.verify_token') ?? '', expected);
  return { passed, reply: passed ? text(200, challenge) : text(403, 'verify_token does not match') };
}

function split(value: unknown): Split {
  const body = recordOf(value);
  const entries = listOf(body?.['entry']).map(recordOf);
  if (body === null || !entries.some((entry) => listOf(entry?.['changes']).length > 0)) {
    return { kind: 'unmappable', detail: 'The body has no entry with changes.' };
  }
  const items = entries
    .filter((entry) => entry !== null)
    .flatMap((entry) => listOf(entry['changes']).map((change) => itemOf(body, entry, recordOf(change))));
  return { kind: 'items', items };
}

function itemOf(body: Body, entry: Body, change: Body | null): Item {
  if (change?.['field'] !== 'leadgen') return { kind: 'ignored', why: 'topic_unknown' };
  const record = recordOf(change['value']) ?? {};
  const externalId = idOf(record, ['leadgen_id']);
  const fetchable = externalId !== null && /^\d{1,40}$/.test(externalId);
  return {
    kind: 'lead',
    deliveryId: null,
    externalId,
    // A notice says nothing of the lead but which it is: sent again with other numbers of ads, it is still the same.
    content: externalId === null ? record : { leadgen_id: externalId, form_id: idOf(record, ['form_id']) },
    record,
    draft: {},
    reference: fetchable ? { leadgen_id: externalId } : null,
    alone: { ...body, entry: [{ ...entry, changes: [change] }] },
  };
}

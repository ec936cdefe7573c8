import { createHmac } from 'node:crypto';
import { ANSWER_FIELDS, ANSWERS } from './answers.ts';
import type { Authenticity, Channel, Handshake, Push, Setup, Split } from './channel.ts';
import { decodeBody, decodeJson } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { idOf } from './id-of.ts';
import { LINKEDIN_FETCH_SETTINGS, linkedinFetch } from './linkedin-fetch.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty, json } from './reply.ts';
import { verify } from './signature.ts';
import { CONSTANT_THEN_BODY } from './signature-presets.ts';
import { textOf } from './text-of.ts';
import { EXPIRES_AT } from './token-expiry.ts';

const HEADER = 'x-li-signature';
const PREFIX = 'hmacsha256=';
const LONGEST_CODE = 512; // a challenge is a UUID of 36

const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  ignore: ['id', 'type', 'leadAction', 'notificationId', 'testLead'],
  fields: {
    ...ANSWER_FIELDS,
    occurred_at: [{ path: 'submittedAt' }, { path: 'occurredAt' }],
    'traffic.platform': { constant: 'linkedin' },
    'traffic.platform_lead_id': { path: 'leadGenFormResponse' },
    'traffic.form_id': [{ path: 'leadGenForm' }, { path: 'versionedLeadGenFormUrn' }],
    'traffic.account_id': { path: 'owner.sponsoredAccount' },
    'traffic.campaign_id': { path: 'leadMetadataInfo.sponsoredLeadMetadataInfo.campaign.id' },
    'traffic.campaign_name': { path: 'leadMetadataInfo.sponsoredLeadMetadataInfo.campaign.name' },
    'traffic.creative_id': { path: 'associatedEntity.sponsoredCreative' },
    'traffic.medium': { path: 'leadType' },
  },
};
const REPLIES = repliesOf(empty(200), empty);

/** LinkedIn Lead Sync: a push names one response by id, to be fetched, or to be erased. */
export const linkedin: Channel = {
  kind: 'linkedin',
  title: 'LinkedIn Lead Sync',
  secret: 'required',
  credentials: {
    access_token: {
      description:
        'The OAuth token of a member with the right r_marketing_leadgen_automation: responses are fetched with it.',
      required: true,
    },
    access_token_expires_at: EXPIRES_AT,
    client_secrets: {
      description: 'Client secrets by applicationId as a JSON object, where several applications push to this address.',
      required: false,
    },
  },
  settings: { type: 'object', additionalProperties: false, properties: LINKEDIN_FETCH_SETTINGS },
  defaults: { channel: 'linkedin', touchKind: 'form', completesLater: true, updateSemantics: false },
  handshake,
  authenticate,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: linkedinFetch,
};

// Asked again every 2 hours; three misses in a row and the platform stops pushing. A challenge that begins as what is signed of a
// push does would have us sign a push for whoever knows the address.
function handshake(push: Push, setup: Setup): Handshake | null {
  const query = new URLSearchParams(push.query);
  const code = query.get('challengeCode');
  if (push.method !== 'GET' || code === null) return null;
  const ofApplication = clientSecrets(setup).get(query.get('applicationId') ?? '');
  const secret = ofApplication ?? setup.secrets.find((usable) => usable !== '');
  if (secret === undefined || code === '' || code.length > LONGEST_CODE || code.startsWith(PREFIX)) {
    return { passed: false, reply: json(403, { message: 'The challenge cannot be answered.' }) };
  }
  const challengeResponse = createHmac('sha256', secret).update(code).digest('hex');
  return { passed: true, reply: json(200, { challengeCode: code, challengeResponse }) };
}

// The wording of the guide leaves open whether the header repeats the fixed word: both are taken.
function authenticate(push: Push, setup: Setup): Authenticity {
  const prefix = push.headers[HEADER]?.startsWith(PREFIX) ? PREFIX : '';
  return verify({ ...CONSTANT_THEN_BODY, prefix }, push, [...setup.secrets, ...clientSecrets(setup).values()]);
}

function clientSecrets(setup: Setup): ReadonlyMap<string, string> {
  const decoded = decodeJson(setup.credentials['client_secrets'] ?? '{}', NESTED_LIMITS);
  const named = decoded.kind === 'decoded' ? Object.entries(recordOf(decoded.value) ?? {}) : [];
  return new Map(named.filter((pair): pair is [string, string] => typeof pair[1] === 'string' && pair[1] !== ''));
}

function split(value: unknown): Split {
  const body = recordOf(value);
  const type = textOf(body?.['type']);
  if (type !== null && type !== 'LEAD_ACTION')
    return { kind: 'items', items: [{ kind: 'ignored', why: 'not_a_lead' }] };
  const externalId = body === null ? null : idOf(body, ['leadGenFormResponse']);
  const action = textOf(body?.['leadAction']);
  if (body === null || externalId === null || action === null) {
    return { kind: 'unmappable', detail: 'The body has no leadGenFormResponse or no leadAction.' };
  }
  // The guide speaks of a notification id, which no payload that was seen has.
  const deliveryId = idOf(body, ['notificationId']) ?? `${externalId}:${action}:${textOf(body['occurredAt']) ?? ''}`;
  if (action === 'DELETED') return { kind: 'items', items: [{ kind: 'erase', deliveryId, externalId }] };
  if (action !== 'CREATED') return { kind: 'items', items: [{ kind: 'ignored', why: 'topic_unknown' }] };
  const id = /^(?:urn:li:leadGenFormResponse:)?([\w-]{1,200})$/.exec(externalId)?.[1];
  return {
    kind: 'items',
    items: [
      {
        kind: 'lead',
        deliveryId,
        externalId,
        content: { leadGenFormResponse: externalId, leadAction: action },
        record: body,
        draft: {},
        reference: id === undefined ? null : { lead_form_response: id },
        alone: value,
      },
    ],
  };
}

import type { TouchKind } from '../domain/submission.ts';
import { withAnswers } from './answer-list.ts';
import type { Channel, Item, LeadItem, Split } from './channel.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import { idOf } from './id-of.ts';
import { levelNames } from './level-names.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { OPEN_SCHEME, openAuthenticity } from './open-scheme.ts';
import { platformDraft } from './platform-draft.ts';
import { recordOf } from './record-of.ts';
import { IDENTITY_NUMBERS, TENCENT_LEVELS, TENCENT_MAP } from './tencent-map.ts';
import { ackSchema, textReplies } from './text-ack.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const KINDS: Readonly<Record<string, TouchKind>> = {
  LEADS_TYPE_FORM: 'form',
  LEADS_TYPE_MAKE_PHONE_CALL: 'call',
  LEADS_TYPE_PAGE_SCAN_CODE: 'consult',
  LEADS_TYPE_PROMOTION_FOLLOW: 'follow',
};
const LEAD_MARKS = ['leads_id', 'leads_tel', 'leads_telephone', 'leads_wechat', 'outer_leads_id'];

/** 腾讯广告 线索管理平台: JSON, form or query, by the names that receivers have seen; no document of the platform tells of this push. */
export const tencent: Channel = {
  kind: 'tencent',
  title: '腾讯广告 线索',
  secret: 'optional',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ack: ackSchema('OK'),
      scheme: OPEN_SCHEME,
    },
  },
  defaults: { channel: 'tencent', touchKind: 'form', completesLater: false, updateSemantics: true },
  handshake: () => null,
  authenticate: openAuthenticity,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: TENCENT_MAP,
  acknowledge: (as, setup) => textReplies(setup, 'OK')[as],
  fetch: null,
};

function split(value: unknown): Split {
  const body = recordOf(value);
  const written = body?.['data'];
  const inner = decodeAgain(written, NESTED_LIMITS);
  // Receivers have seen the fields at the top; under `data` they are read as well, alone or in a list.
  const wraps = body !== null && idOf(body, LEAD_MARKS) === null && (recordOf(inner) !== null || Array.isArray(inner));
  const found = wraps ? inner : value;
  const items = (Array.isArray(found) ? found : [found]).map(itemOf);
  const made = items.filter((item) => item !== null);
  return made.length === items.length && made.length > 0
    ? { kind: 'items', items: made }
    : { kind: 'unmappable', detail: 'The body holds no lead: neither a `leads_id` nor a way to reach the person.' };
}

function itemOf(value: unknown): Item | null {
  const lead = recordOf(value);
  if (lead === null) return null;
  // Pushes of the message subscription, which are no leads; the one that comes when it is saved is a test.
  const event = textOf(lead['event_type']);
  if (event === 'EVENT_TYPE_TEST') return { kind: 'ignored', why: 'ping' };
  if (idOf(lead, LEAD_MARKS) !== null) return leadOf(without(lead, IDENTITY_NUMBERS), lead);
  return event === null ? null : { kind: 'ignored', why: 'topic_unknown' };
}

function leadOf(lead: Readonly<Record<string, unknown>>, alone: unknown): LeadItem {
  const externalId = idOf(lead, ['leads_id', 'outer_leads_id']);
  const type = textOf(lead['leads_type']) ?? '';
  return {
    kind: 'lead',
    deliveryId: null,
    externalId,
    content: lead,
    record: withAnswers(lead, ['bundle', 'custom_qa']),
    draft: platformDraft({
      externalId,
      test: textOf(lead['leads_source'])?.includes('AD_PREVIEW') ? 'test' : 'real',
      kind: Object.hasOwn(KINDS, type) ? (KINDS[type] ?? null) : null,
      levels: levelNames(lead, TENCENT_LEVELS),
      clickIdKind: idOf(lead, ['click_id']) === null ? null : 'click_id',
    }),
    reference: null,
    alone,
  };
}

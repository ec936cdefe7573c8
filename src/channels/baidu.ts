import type { TouchKind } from '../domain/submission.ts';
import { BAIDU_LEVELS, BAIDU_MAP } from './baidu-map.ts';
import type { Channel, LeadItem, Split } from './channel.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import { idOf } from './id-of.ts';
import { levelNames } from './level-names.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { OPEN_SCHEME, openAuthenticity } from './open-scheme.ts';
import { platformDraft } from './platform-draft.ts';
import { recordOf } from './record-of.ts';
import { ackSchema, textReplies } from './text-ack.ts';
import { textOf } from './text-of.ts';

const SUCCESS = '{"code":0,"message":"success"}';
const KINDS: Readonly<Record<string, TouchKind>> = {
  consult: 'consult',
  form: 'form',
  phone: 'call',
  follow: 'follow',
};
const LEAD_MARKS = ['clueId', 'cluePhoneNumber', 'formDetail', 'ucid'];

/** 百度营销 基木鱼 and 营销通: JSON or form, by the names that receivers have seen; no document of the platform tells of this push. */
export const baidu: Channel = {
  kind: 'baidu',
  title: '百度营销 基木鱼 / 营销通',
  secret: 'optional',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      ack: ackSchema(SUCCESS),
      scheme: OPEN_SCHEME,
    },
  },
  defaults: { channel: 'search', touchKind: 'form', completesLater: false, updateSemantics: true },
  handshake: () => null,
  authenticate: openAuthenticity,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: BAIDU_MAP,
  acknowledge: (as, setup) => textReplies(setup, SUCCESS)[as],
  fetch: null,
};

function split(value: unknown): Split {
  const records = (Array.isArray(value) ? value : [value]).map(recordOf);
  const leads = records.filter((record) => record !== null && LEAD_MARKS.some((mark) => Object.hasOwn(record, mark)));
  return leads.length === records.length && leads.length > 0
    ? { kind: 'items', items: leads.map((record) => leadOf(record ?? {})) }
    : {
        kind: 'unmappable',
        detail: 'The body holds no lead: neither `clueId` nor `cluePhoneNumber` nor `formDetail`.',
      };
}

function leadOf(pushed: Readonly<Record<string, unknown>>): LeadItem {
  const form = pushed['formDetail'];
  const answers = decodeAgain(form, NESTED_LIMITS);
  const record = answers === undefined ? pushed : { ...pushed, formDetail: answers };
  const externalId = idOf(pushed, ['clueId']);
  const type = textOf(pushed['solutionType']) ?? '';
  return {
    kind: 'lead',
    deliveryId: null,
    externalId,
    content: record,
    record,
    draft: platformDraft({
      externalId,
      test: 'real',
      kind: Object.hasOwn(KINDS, type) ? (KINDS[type] ?? null) : null,
      levels: levelNames(pushed, BAIDU_LEVELS),
      clickIdKind: null,
    }),
    reference: null,
    alone: pushed,
  };
}

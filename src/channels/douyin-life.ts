import { withAnswers } from './answer-list.ts';
import type { Authenticity, Channel, LeadItem, Push, Setup, Split } from './channel.ts';
import { isCipherText } from './cipher-text.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import { idOf } from './id-of.ts';
import { levelNames } from './level-names.ts';
import { lifeKind } from './life-kind.ts';
import { LIFE_LEVELS, LIFE_MAP } from './life-map.ts';
import { lifeSignature } from './life-signature.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { platformDraft } from './platform-draft.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { json } from './reply.ts';
import { isListed, listSetting, numberSetting, textSetting } from './setting.ts';
import { verify } from './signature.ts';
import { SECRET_THEN_BODY } from './signature-presets.ts';
import { textOf } from './text-of.ts';
import { verifyWebhook } from './verify-webhook.ts';

const MAX_AGE_SECONDS = 3_600;
const PHONES = ['telephone', 'phone', 'phone_number', 'mobile'];
const LEAD_MARKS = ['clue_id', ...PHONES];

// The answer of an SPI; to a webhook any body will do.
const REPLIES = repliesOf(json(200, { data: { error_code: 0, description: 'success' } }), (status, description) =>
  json(status, { data: { error_code: status, description } }),
);

/** 抖音生活服务 (来客, 本地推): webhooks whose `content` is JSON text, and the SPI that the platform calls, told apart by their signature headers. */
export const douyinLife: Channel = {
  kind: 'douyin-life',
  title: '抖音生活服务 webhook / SPI',
  secret: 'required',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      lead_events: {
        type: 'array',
        maxItems: 50,
        items: { type: 'string', maxLength: 200 },
        default: [],
        description:
          'Events that carry leads, `*` at the end for any rest; empty: every event or call with a clue id or a phone in it.',
      },
      encrypted_phone: {
        type: 'string',
        enum: ['park', 'quarantine'],
        default: 'park',
        description:
          'What becomes of a lead whose phone is cipher text: park keeps the text as phone_encrypted and the lead waits for its phone; quarantine has it listed as phone_invalid.',
      },
      max_age_seconds: {
        type: 'integer',
        minimum: 0,
        maximum: 86_400,
        default: MAX_AGE_SECONDS,
        description:
          'How far the signed `timestamp` of an SPI call may be from now, in seconds; 0 turns the check off.',
      },
    },
  },
  defaults: { channel: 'douyin', touchKind: 'form', completesLater: true, updateSemantics: false },
  handshake: verifyWebhook,
  authenticate,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: LIFE_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function authenticate(push: Push, setup: Setup): Authenticity {
  if (push.headers['x-life-sign'] === undefined) return verify(SECRET_THEN_BODY, push, setup.secrets);
  const maxAge = numberSetting(setup, 'max_age_seconds', MAX_AGE_SECONDS);
  return verify(lifeSignature(push, maxAge), push, setup.secrets);
}

function split(value: unknown, push: Push, setup: Setup): Split {
  const envelope = recordOf(value);
  if (envelope === null) return { kind: 'unmappable', detail: 'The body is no JSON object.' };
  const event = textOf(envelope['event']);
  const events = listSetting(setup, 'lead_events');
  if (events !== null && event !== null && !isListed(events, event)) return IGNORED;
  const written = event === null ? (envelope['data'] ?? envelope) : envelope['content'];
  const record = recordOf(decodeAgain(written, NESTED_LIMITS));
  if (record === null) {
    return events === null
      ? IGNORED
      : { kind: 'unmappable', detail: 'The content of an event that carries leads is no JSON object.' };
  }
  const listed = events !== null && event !== null;
  if (!listed && idOf(record, LEAD_MARKS) === null) return IGNORED;
  return { kind: 'items', items: [leadOf(record, event, envelope, push, setup)] };
}

const IGNORED: Split = { kind: 'items', items: [{ kind: 'ignored', why: 'topic_unknown' }] };

function leadOf(
  record: Readonly<Record<string, unknown>>,
  event: string | null,
  alone: unknown,
  push: Push,
  setup: Setup,
): LeadItem {
  const externalId = idOf(record, ['clue_id', 'order_id']);
  const parks = textSetting(setup, 'encrypted_phone', 'park') === 'park';
  return {
    kind: 'lead',
    deliveryId: textOf(push.headers['msg-id']),
    externalId,
    content: { event, record },
    record: withAnswers(parks ? readable(record) : record, ['remark_dict']),
    draft: platformDraft({
      externalId,
      test: 'real',
      kind: lifeKind(record['clue_type']),
      levels: levelNames(record, LIFE_LEVELS),
      clickIdKind: idOf(record, ['req_id']) === null ? null : 'req_id',
    }),
    reference: null,
    alone,
  };
}

/** A record whose phones are numbers: cipher text goes aside, under a name that says so. */
function readable(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const secret = PHONES.filter((name) => isCipherText(textOf(record[name]) ?? ''));
  if (secret.length === 0) return record;
  const renamed = Object.entries(record).map(([name, value]) => [
    secret.includes(name) ? (name === secret[0] ? 'phone_encrypted' : `${name}_encrypted`) : name,
    value,
  ]);
  return Object.fromEntries(renamed);
}

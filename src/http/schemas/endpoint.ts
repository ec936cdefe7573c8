import { type Static, type TSchema, type TUnsafe, Type } from 'typebox';
import {
  DEFAULT_ENDPOINT_SETTINGS as DEFAULTS,
  ENDPOINT_STATES,
  PAYLOAD_MODES,
  SIGNATURES,
} from '../../domain/endpoint.ts';
import { ENDPOINT_LIMITS as LIMITS, ENDPOINT_TEXTS as TEXTS } from '../../domain/endpoint-limits.ts';
import { isEventPattern } from '../../domain/event-pattern.ts';
import { PURPOSES } from '../../domain/submission.ts';
import { SAMPLE_TYPES } from '../../webhooks/sample-payload.ts';
import { codeOf } from './answer-field.ts';
import { EndpointFilterBody } from './endpoint-filter.ts';

const FAMILIES = [...new Set(SAMPLE_TYPES.map((type) => `${type.split('.')[0]}.*`))];
const PATTERNS = ['*', ...FAMILIES, ...SAMPLE_TYPES].filter(isEventPattern);

type Limits = readonly [number, number];

function nullable<T>(type: string, more: object, description: string, example: T): TUnsafe<T | null> {
  return Type.Unsafe<T | null>({ type: [type, 'null'], ...more, description, examples: [example] });
}

const within = ([minimum, maximum]: Limits) => ({ minimum, maximum });
const wholeOrNull = (limits: Limits, description: string, example: number) =>
  nullable('integer', within(limits), description, example);
const textOrNull = (maxLength: number, description: string, example: string) =>
  nullable('string', { minLength: 1, maxLength }, description, example);
const codeOrNull = <const C extends readonly string[]>(codes: C, description: string) =>
  nullable<C[number]>('string', { enum: [...codes, null] }, description, codes[0] as C[number]);

const url = Type.String({
  minLength: 1,
  maxLength: TEXTS.url,
  description: 'URL: https, and http only where CLEW_TARGET_HTTP allows it; no private address, no user or password.',
  examples: ['https://crm.example.com/hooks/clew'],
});

const events = Type.Array(
  Type.Unsafe<string>({ type: 'string', enum: PATTERNS, description: '事件类型.', examples: ['lead.*'] }),
  {
    minItems: 1,
    maxItems: PATTERNS.length,
    uniqueItems: true,
    description: '事件类型: types, `lead.*` for a family, `*` for every one, later ones too.',
    examples: [['lead.*', 'deal.recorded']],
  },
);

const HoldBody = Type.Unsafe<{ readonly seconds: number; readonly attempts: number } | null>({
  type: ['object', 'null'],
  properties: {
    seconds: Type.Integer({
      ...within(LIMITS.hold_seconds),
      description: 'Since its first attempt.',
      examples: [DEFAULTS.hold.seconds],
    }),
    attempts: Type.Integer({
      ...within(LIMITS.hold_attempts),
      description: 'How many have failed.',
      examples: [DEFAULTS.hold.attempts],
    }),
  },
  required: ['seconds', 'attempts'],
  additionalProperties: false,
  title: 'EndpointHold',
  description:
    '等待上限: how long the first undelivered event of a lead holds back those behind it, whichever comes first. Then it is parked and still tried.',
  examples: [DEFAULTS.hold],
});

/** Settings of an endpoint; null is as by default. */
const settings = {
  payload: codeOrNull(
    PAYLOAD_MODES,
    '正文内容: `masked` (phones as 138****8000), `full` (only by a key with `pii:read`), or `thin` (ids only).',
  ),
  signature: codeOrNull(
    SIGNATURES,
    '签名: `v1` is HMAC-SHA256 with the secret, `v1a` is Ed25519, verified with the public key.',
  ),
  rate_limit: nullable('number', within(LIMITS.rate_limit), '限速: requests a second; null: none.', 10),
  concurrency: wholeOrNull(LIMITS.concurrency, '并发: requests under way.', DEFAULTS.concurrency),
  timeout_ms: wholeOrNull(
    LIMITS.timeout_ms,
    '超时: of one attempt, from connecting to the end of the answer, in milliseconds.',
    DEFAULTS.timeout_ms,
  ),
  retry_schedule: nullable(
    'array',
    {
      items: { type: 'number', ...within(LIMITS.schedule_seconds) },
      minItems: LIMITS.schedule_entries[0],
      maxItems: LIMITS.schedule_entries[1],
    },
    '重试间隔: seconds before each attempt, the first one too. As many attempts as entries.',
    [...DEFAULTS.retry_schedule],
  ),
  hold: HoldBody,
  deadline_seconds: wholeOrNull(
    LIMITS.deadline_seconds,
    '时限: an event recorded longer ago is dead (`deadline_passed`) instead of sent late; null: none.',
    86_400,
  ),
  recipient: textOrNull(
    TEXTS.recipient,
    '接收方: who is behind it, for the ledger of who was given whom.',
    '某某科技有限公司',
  ),
  purpose: codeOrNull(PURPOSES, '用途: a person without this consent is withheld; null: none is asked for.'),
  mapping: textOrNull(
    TEXTS.expression,
    '映射: JSONata that makes the body of the payload; tried on a sample when saved.',
    '{ "mobile": data.lead.phone }',
  ),
  success_when: textOrNull(
    TEXTS.expression,
    '成功条件: JSONata over `{ status, body }` that must be true of a 2xx answer.',
    'body.errcode = 0',
  ),
};

function optional<P extends Readonly<Record<string, TSchema>>>(properties: P) {
  return Type.Partial(Type.Object(properties)).properties;
}

const changes = {
  url: Type.Optional(url),
  description: Type.Optional(
    Type.String({ maxLength: TEXTS.description, description: '说明.', examples: ['纷享销客'] }),
  ),
  events: Type.Optional(events),
  filter: Type.Optional(EndpointFilterBody),
  ordered: Type.Optional(
    Type.Boolean({ description: '按线索有序: events of one lead one after the other, in order.', examples: [true] }),
  ),
  headers: Type.Optional(
    Type.Unsafe<Readonly<Record<string, string>>>({
      type: 'object',
      maxProperties: 100,
      additionalProperties: { type: 'string', maxLength: 8_192 },
      description:
        '自定义请求头: at most 20, 4 kB together; kept encrypted, and their values are never answered. Replaced whole.',
      examples: [{ authorization: 'Bearer …' }],
    }),
  ),
  ...optional(settings),
};

export const EndpointBody = Type.Object(
  {
    ...changes,
    url,
    events,
    secret: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 200,
        description: '密钥 where the receiver gives it: `whsec_…`, or `whsk_…` for `v1a`; else one is made.',
        examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      }),
    ),
  },
  { additionalProperties: false, title: 'EndpointInput' },
);

/** A change: what is left out stays; null takes a setting back to its default. */
export const EndpointChangeBody = Type.Object(changes, {
  additionalProperties: false,
  minProperties: 1,
  title: 'EndpointChange',
  examples: [{ events: ['lead.*'], rate_limit: 20 }],
});

export const EndpointRotationBody = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        description: 'For how long the former secret still signs too; a day where it is left out.',
        examples: [3600],
      }),
    ),
    secret: EndpointBody.properties.secret,
  },
  { additionalProperties: false, title: 'EndpointSecretRotation' },
);

export const EndpointsQuery = Type.Object({
  state: Type.Optional(codeOf(ENDPOINT_STATES, '状态; where it is left out, all that were not deleted.')),
});

export const EndpointTestBody = Type.Unsafe<{ readonly type?: (typeof SAMPLE_TYPES)[number] } | null>({
  type: ['object', 'null'],
  properties: { type: codeOf(SAMPLE_TYPES, '事件类型; `lead.created` where it is left out.') },
  additionalProperties: false,
  title: 'EndpointTestInput',
  examples: [{ type: 'lead.created' }],
});

/** A checked body of a new endpoint or of a change. */
export type EndpointFields = Static<typeof EndpointChangeBody>;
/** The names among them that are settings. */
export const SETTING_NAMES = Object.keys(settings) as readonly (keyof typeof settings)[];

import { type PAYLOAD_MODES, TIMEOUT_MAX_MS } from '../domain/endpoint.ts';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';
import { PAYLOAD_MAX_BYTES } from '../domain/payload.ts';
import { samplePayload } from '../webhooks/sample-payload.ts';
import { EXAMPLE_EVENT, eventBody } from './schemas/event-payload.ts';

type Json = Record<string, unknown>;

const ID = '0197a3c2-5d10-7abc-8def-0123456789ab';

function header(name: string, presence: 'always' | 'sometimes', description: string, schema: Json): Json {
  return { name, in: 'header', required: presence === 'always', description, schema };
}

/** The headers of every request to an endpoint, by the name of their component. */
export const WEBHOOK_PARAMETERS: Readonly<Record<string, Json>> = {
  WebhookId: header('webhook-id', 'always', '事件 id: the same on every try, so keep it unique.', {
    type: 'string',
    examples: [ID],
  }),
  WebhookTimestamp: header('webhook-timestamp', 'always', '签名时间: of this try, in seconds since 1970.', {
    type: 'string',
    pattern: '^\\d+$',
    examples: ['1780288200'],
  }),
  WebhookSignature: header(
    'webhook-signature',
    'always',
    '签名 after Standard Webhooks, over `webhook-id.webhook-timestamp.body`: `v1,` HMAC-SHA256 or `v1a,` Ed25519; several, by spaces, while a secret is rotated.',
    { type: 'string', examples: ['v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='] },
  ),
  ClewDeliveryId: header('clew-delivery-id', 'always', '推送 id: this event for this endpoint.', {
    type: 'string',
    examples: [ID],
  }),
  ClewAttempt: header('clew-attempt', 'always', '第几次: attempts that cost, this one too, from 1.', {
    type: 'integer',
    minimum: 1,
    examples: [1],
  }),
  ClewEventType: header('clew-event-type', 'always', '事件类型.', { type: 'string', examples: ['lead.created'] }),
  ClewEventAge: header('clew-event-age', 'always', '事件时龄, in seconds since it was recorded.', {
    type: 'integer',
    minimum: 0,
    examples: [0],
  }),
  ClewSequence: header('clew-sequence', 'sometimes', '序号 of the event in its lead.', {
    type: 'integer',
    minimum: 1,
    examples: [2],
  }),
  ClewLeadAge: header('clew-lead-age', 'sometimes', '线索时龄, in seconds since the lead was made.', {
    type: 'integer',
    minimum: 0,
    examples: [0],
  }),
  ClewTest: header('clew-test', 'sometimes', '测试: `true` where the request is a test; else left out.', {
    type: 'string',
    const: 'true',
    examples: ['true'],
  }),
};

const RETRY_AFTER: Json = {
  'Retry-After': {
    description: '重试时间: seconds, or an HTTP date.',
    schema: { type: 'string', examples: ['120', 'Mon, 01 Jun 2026 04:32:00 GMT'] },
  },
};
const BUSY = 'with `Retry-After` it is sent again then, and that costs no attempt; without, on schedule.';

/** What a receiver can answer, by the name of its component. */
export const WEBHOOK_RESPONSES: Readonly<Record<string, Json>> = {
  WebhookTaken: {
    description:
      '已接收: delivered, whatever the body says; an endpoint with `success_when` is delivered to where that is true of the answer.',
  },
  WebhookGone: { description: '不再接收: the endpoint is paused, and what comes is kept until it is resumed.' },
  WebhookThrottled: { description: `限流: ${BUSY}`, headers: RETRY_AFTER },
  WebhookUnavailable: { description: `暂不可用: ${BUSY}`, headers: RETRY_AFTER },
  WebhookFailed: {
    description:
      '其他: failed, and sent again on the schedule of the endpoint; a redirect is not followed. Later events of the lead wait up to `hold`, and behind a redirect or a 4xx that is not 408, 425 or 429 for three more tries.',
  },
};

const ANSWERS = {
  '2XX': 'WebhookTaken',
  '410': 'WebhookGone',
  '429': 'WebhookThrottled',
  '503': 'WebhookUnavailable',
  default: 'WebhookFailed',
} as const;

/** What the service sends to endpoints: a POST of every event type, by type. */
export function describeWebhooks(): Json {
  const types = (Object.keys(EVENT_TYPES) as EventType[]).sort();
  return Object.fromEntries(types.map((type) => [type, { post: operation(type) }]));
}

function operation(type: EventType): Json {
  const examples = type === 'lead.created' ? { examples: EXAMPLES } : {};
  return {
    tags: ['delivery'],
    summary: EVENT_TYPES[type],
    description: `The body of an endpoint without \`mapping\`, at most ${PAYLOAD_MAX_BYTES} bytes; every try sends the same bytes. \`masked\` and \`full\` bodies have the same members, \`masked\` ones with phones, e-mail addresses and the like masked. \`thin\` ones hold ids: lead, customer and submission have their \`id\` only. Answer within \`timeout_ms\` (${TIMEOUT_MAX_MS} at most).`,
    parameters: Object.keys(WEBHOOK_PARAMETERS).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    requestBody: { required: true, content: { 'application/json': { schema: eventBody(type), ...examples } } },
    security: [],
    responses: Object.fromEntries(
      Object.entries(ANSWERS).map(([status, name]) => [status, { $ref: `#/components/responses/${name}` }]),
    ),
  };
}

const MODES: Readonly<Record<(typeof PAYLOAD_MODES)[number], string>> = {
  masked: '脱敏',
  full: '完整',
  thin: '仅 id',
};

/** A body of each payload mode. */
const EXAMPLES: Json = Object.fromEntries(
  (Object.keys(MODES) as (keyof typeof MODES)[]).map((mode) => {
    const { test: _test, ...value } = samplePayload({ type: 'lead.created', mode, ...EXAMPLE_EVENT });
    return [mode, { summary: MODES[mode], value }];
  }),
);

import { type Static, Type } from 'typebox';
import { DELIVERY_STATES, type DeliveryState, REDRIVABLE } from '../../domain/delivery.ts';
import { pageQuery, queryMoment } from '../query.ts';
import {
  answeredId,
  answeredMoment,
  codeOf,
  integerOrNull,
  momentOrNull,
  pageAnswer,
  textOrNull,
} from './answer-field.ts';
import { idOrNull } from './outcome.ts';

const closed = { additionalProperties: false } as const;
const STATES = Object.keys(DELIVERY_STATES) as [DeliveryState, ...DeliveryState[]];
const TOLD = STATES.map((state) => `\`${state}\` ${DELIVERY_STATES[state]}`).join('\n');

const optionalId = (description: string) =>
  Type.Optional(Type.String({ format: 'uuid', description, examples: ['0197a3c2-5d10-7abc-8def-0123456789ab'] }));

export const DeliveriesQuery = Type.Object(
  {
    endpoint_id: optionalId('推送目标 id.'),
    event_id: optionalId('事件 id.'),
    lead_id: optionalId('线索 id.'),
    customer_id: optionalId('客户 id; that of an alias stands for its survivor.'),
    state: Type.Optional(
      Type.Array(codeOf(STATES, '状态.'), {
        maxItems: STATES.length,
        description: '状态; may be repeated: `state=dead&state=parked`.',
        examples: [['dead']],
      }),
    ),
    from: queryMoment('Event recorded from, inclusive.'),
    to: queryMoment('Event recorded to, exclusive.'),
    ...pageQuery,
  },
  closed,
);
export type DeliveriesQuery = Static<typeof DeliveriesQuery>;

const listed = {
  id: answeredId('推送 id.'),
  endpoint_id: answeredId('推送目标 id.'),
  event_id: answeredId('事件 id: the `webhook-id` of every attempt.'),
  event_type: Type.String({ description: '事件类型.', examples: ['lead.created'] }),
  lead_id: idOrNull('线索 id.'),
  customer_id: idOrNull('客户 id as written.'),
  sequence: integerOrNull('序号 of the event in its lead.', 3),
  previous_sequence: integerOrNull("序号 of the lead's event that the endpoint was given before.", 1),
  state: codeOf(STATES, `状态.\n${TOLD}`),
  reason: textOrNull('原因 of the state, or of the last failure.', 'exhausted:http_500'),
  attempt_count: Type.Integer({ description: '尝试次数 that count, since the last redrive.', examples: [1] }),
  last_attempt_at: momentOrNull('最近一次尝试.'),
  last_status: integerOrNull('HTTP 状态 of the last attempt; null: no answer.', 500),
  created_at: answeredMoment('事件记录时间.'),
  settled_at: momentOrNull('结束时间; null: it is still to be sent.'),
};

export const DeliveryRecord = Type.Object(listed, {
  title: 'Delivery',
  description: '推送: one event for one endpoint.',
});
export type DeliveryRecord = Static<typeof DeliveryRecord>;
export const DeliveryPageAnswer = pageAnswer(DeliveryRecord, 'DeliveryPage');

export const AttemptRecord = Type.Object(
  {
    number: Type.Integer({
      description: '编号: it grows; a gap is a claim that ended without a call, and a redrive begins anew further on.',
      examples: [1],
    }),
    at: answeredMoment('时间.'),
    duration_ms: Type.Integer({ description: '用时, to the end of the answer.', examples: [84] }),
    result: Type.String({ description: '结果: `delivered`, or what failed.', examples: ['http_500'] }),
    status: integerOrNull('HTTP 状态; null: no answer.', 500),
    excerpt: textOrNull('回应开头: 2 kB at most, without phones; null after an erasure.', 'upstream timed out'),
  },
  { title: 'Attempt', description: '尝试: one HTTP call of a delivery.' },
);
export type AttemptRecord = Static<typeof AttemptRecord>;
export const AttemptPageAnswer = pageAnswer(AttemptRecord, 'AttemptPage');

export const DeliveryDetail = Type.Object(
  {
    ...listed,
    next_attempt_at: momentOrNull(
      '下次尝试; in the past: it waits for its turn. null: nothing more happens by itself.',
    ),
    attempts: Type.Array(AttemptRecord, { description: '尝试, newest first, 50 at most.' }),
    content_type: textOrNull('类型 of the body.', 'application/json'),
    body: textOrNull(
      '内容 as every attempt sends it; null before the first, where it is masked and when erased.',
      '{}',
    ),
    body_masked: Type.Boolean({ description: 'Whether there is a body that is not shown.', examples: [false] }),
  },
  { title: 'DeliveryDetail', description: '推送详情.' },
);
export type DeliveryDetail = Static<typeof DeliveryDetail>;

/** Most deliveries that one call sends again. */
export const MOST_REDRIVEN = 200_000;

export const RedriveBody = Type.Object(
  {
    all: Type.Optional(
      Type.Literal(true, { description: '全部: every one that is dead, withheld or parked; without filters.' }),
    ),
    endpoint_id: optionalId('推送目标 id.'),
    lead_id: optionalId('线索 id.'),
    event_type: Type.Optional(
      Type.String({ maxLength: 64, description: '事件类型, or `lead.*`.', examples: ['lead.created'] }),
    ),
    states: Type.Optional(
      Type.Array(codeOf(REDRIVABLE, '状态.'), {
        minItems: 1,
        maxItems: REDRIVABLE.length,
        description: '状态; `dead` where it is left out.',
        examples: [['dead']],
      }),
    ),
    reason: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: '原因: the whole, or what stands before its colon.',
        examples: ['exhausted'],
      }),
    ),
    from: queryMoment('Event recorded from, inclusive.'),
    to: queryMoment('Event recorded to, exclusive.'),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_REDRIVEN,
        default: MOST_REDRIVEN,
        description: 'Most deliveries of this call.',
        examples: [1000],
      }),
    ),
  },
  {
    ...closed,
    title: 'Redrive',
    description: '`all`, or at least one filter.',
    examples: [{ endpoint_id: '0197a3c2-5d10-7abc-8def-0123456789ab', from: '2026-06-01' }],
  },
);
export type RedriveBody = Static<typeof RedriveBody>;

export const RedriveAnswer = Type.Object(
  {
    redriven: Type.Integer({ description: '重发数.', examples: [12] }),
    more: Type.Boolean({ description: 'Whether it ended at its limit: ask again.', examples: [false] }),
  },
  { title: 'Redriven', description: '重发结果.' },
);

import { type Static, Type } from 'typebox';
import { BEHAVIOUR_OUTCOMES } from '../../flows/take-behaviours.ts';
import { codeOf } from './answer-field.ts';

const UUID = '^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$';
const text = (maxLength: number, description: string, example: string) =>
  Type.String({ minLength: 1, maxLength, description, examples: [example] });

/** A browser, by an id that the page gives it. */
export const VisitorId = text(200, '访客 id: joins the person whose submission carries it.', 'v-3c59dc04');

/** One behaviour: exactly one of phone, visitor_id, lead_id and customer_id says whose it is. */
export const BehaviourBody = Type.Object(
  {
    id: text(200, '幂等键: what is sent again under it, by the same source, counts once.', 'evt-8f14e45f'),
    type: Type.String({
      pattern: '^[A-Za-z0-9_.-]{1,64}$',
      description: '行为类型, as score models name it.',
      examples: ['page_view'],
    }),
    occurred_at: Type.Optional(
      text(
        40,
        '发生时间, ISO 8601; now where it is left out. One after our clock counts as now.',
        '2026-06-01T12:30:00+08:00',
      ),
    ),
    phone: Type.Optional(text(40, '手机号.', '13800138000')),
    visitor_id: Type.Optional(VisitorId),
    lead_id: Type.Optional(
      Type.String({ pattern: UUID, description: '线索 id.', examples: ['0197a3c2-5d10-7abc-8def-0123456789ab'] }),
    ),
    customer_id: Type.Optional(
      Type.String({ pattern: UUID, description: '客户 id.', examples: ['0197a3c2-5d10-7abc-8def-0123456789ab'] }),
    ),
    page: Type.Optional(text(2_000, '页面: kept without what follows ? or #.', 'https://www.example.cn/pricing')),
    props: Type.Optional(
      Type.Record(
        Type.String({ maxLength: 64 }),
        Type.Union([Type.String({ maxLength: 200 }), Type.Number(), Type.Boolean()]),
        {
          maxProperties: 20,
          description: '属性: up to 20 plain values; nothing that names a person belongs here.',
          examples: [{ seconds: 30 }],
        },
      ),
    ),
  },
  { additionalProperties: false, title: 'Behaviour', description: '行为.' },
);
export type BehaviourBody = Static<typeof BehaviourBody>;

/** Many behaviours, each answered for itself. */
export const BehaviourBatchBody = Type.Object(
  {
    events: Type.Array(Type.Unsafe<unknown>({ 'x-schema': 'Behaviour' }), {
      minItems: 1,
      maxItems: 1_000,
      description: '行为, each as the body of POST /v1/behaviours.',
    }),
  },
  { additionalProperties: false, title: 'BehaviourBatch' },
);

const outcome = codeOf(
  BEHAVIOUR_OUTCOMES,
  '结果: recorded; duplicate: it was there; suppressed: on the do-not-process list; unknown: no such lead or customer. The last two are not kept.',
);
/** What became of a behaviour. */
export const BehaviourAnswer = Type.Object({ outcome }, { title: 'BehaviourOutcome' });

/** What became of each behaviour. */
export const BehaviourBatchAnswer = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        index: Type.Integer({ description: '序号 in the batch, from 0.', examples: [0] }),
        status: Type.Integer({
          description: '状态 that the item alone would have been answered with.',
          examples: [200],
        }),
        outcome: Type.Optional(outcome),
        problem: Type.Optional(
          Type.Object({}, { additionalProperties: true, description: '错误: the problem document of a refused item.' }),
        ),
      }),
      { description: '结果, in the order of the events.' },
    ),
  },
  { title: 'BehaviourBatchAnswer' },
);

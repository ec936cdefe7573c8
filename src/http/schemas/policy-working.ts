import { type TSchema, Type } from 'typebox';
import type {
  AssignmentCondition,
  AssignmentPolicy,
  AssignmentRule,
  AssignmentTarget,
} from '../../domain/assignment.ts';
import { RATINGS, type RatingPolicy } from '../../domain/rating.ts';
import { TOUCH_KINDS } from '../../domain/submission.ts';
import { type FollowUpPolicy, LADDER } from '../../domain/task.ts';
import { codeOf } from './answer-field.ts';

const MOST_RULES = 200;
const CLOSED = { additionalProperties: false };

const rating = (description: string) => codeOf(RATINGS, description);
const hours = (description: string, example: number) =>
  Type.Number({ minimum: 0, maximum: 87_600, description, examples: [example] });
const name = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 64, description, examples: [example] });

/** How leads are rated. */
export const RatingPolicyBody = Type.Object(
  {
    kinds: Type.Unsafe<RatingPolicy['kinds']>({
      type: 'object',
      required: [...TOUCH_KINDS],
      properties: Object.fromEntries(TOUCH_KINDS.map((kind) => [kind, { type: 'string', enum: [...RATINGS] }])),
      additionalProperties: false,
      description: '基础评级: the base of a cycle is the best of its touches by kind.',
      examples: [{ order: 'high', form: 'medium', call: 'low' }],
    }),
    channels: Type.Unsafe<RatingPolicy['channels']>({
      type: 'object',
      additionalProperties: { type: 'string', enum: [...RATINGS] },
      maxProperties: 1_000,
      description: 'By channel instead of by kind.',
      examples: [{ shop: 'high' }],
    }),
    upgrade: Type.Object(
      {
        channels: Type.Integer({ minimum: 2, maximum: 100, description: 'Distinct channels.', examples: [3] }),
        days: Type.Integer({
          minimum: 1,
          maximum: 3_650,
          description: 'Of 24 hours, ending at the newest touch.',
          examples: [30],
        }),
        to: rating('To what.'),
      },
      { ...CLOSED, description: '升级: touched by so many channels within so many days.' },
    ),
    downgrade: Type.Object(
      {
        unanswered: Type.Integer({
          minimum: 1,
          maximum: 10,
          description: 'Follow-ups without an answer, one after another.',
          examples: [3],
        }),
        to: rating('To what.'),
      },
      { ...CLOSED, description: '降级: nobody answers.' },
    ),
  } satisfies Record<keyof RatingPolicy, TSchema>,
  { ...CLOSED, description: '意向评级: how a lead is rated.' },
);

const anyOf = (description: string, example: string) =>
  Type.Optional(
    Type.Unsafe<readonly string[]>({
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 200 },
      minItems: 1,
      maxItems: 1_000,
      description,
      examples: [[example]],
    }),
  );

const ConditionBody = Type.Object(
  {
    campaign: anyOf('活动 ids.', 'vip-2026'),
    channel: anyOf('渠道.', 'douyin'),
    city: anyOf('城市.', '南京'),
    province: anyOf('省份.', '江苏'),
    brand: anyOf('品牌.', 'clew'),
    category: anyOf('品类.', 'SUV'),
    series: anyOf('车系 or series.', 'X'),
    store: anyOf('进线门店: of the capture.', 'S1'),
  } satisfies Record<keyof AssignmentCondition, TSchema>,
  {
    ...CLOSED,
    description: 'Every field that is named has to fit; a list fits where one of it does. Nothing named fits all.',
  },
);

/** To whom a rule gives; a plain object, so that a wrong field is told by its path. */
const TargetBody = Type.Unsafe<AssignmentTarget>({
  type: 'object',
  required: ['to'],
  properties: {
    to: {
      type: 'string',
      enum: ['adviser', 'store', 'capture_store', 'territory', 'hq'],
      description: 'territory: the store, else the region, that covers the city of the customer.',
      examples: ['store'],
    },
    adviser: { type: 'string', minLength: 1, maxLength: 64, description: 'Of `adviser`.', examples: ['A1'] },
    store: { type: 'string', minLength: 1, maxLength: 64, description: 'Of `store`.', examples: ['S2'] },
    skill: {
      type: 'string',
      minLength: 1,
      maxLength: 64,
      description: 'Only to advisers who have it.',
      examples: ['fleet'],
    },
  },
  additionalProperties: false,
  examples: [{ to: 'store', store: 'S2' }],
});

/** How leads are assigned. */
export const AssignmentPolicyBody = Type.Object(
  {
    rules: Type.Unsafe<readonly AssignmentRule[]>({
      ...Type.Array(
        Type.Object(
          { name: name('Told with every assignment.', 'vip'), when: ConditionBody, give: TargetBody },
          CLOSED,
        ),
        { maxItems: MOST_RULES },
      ),
      description: '分配规则: in order; the first that fits and whose target is there fires.',
    }),
    off_shift: codeOf(['wait', 'assign'] as const, 'Whether a lead waits for the next shift when nobody is on one.'),
    cool_down_hours: hours(
      '冷却: nobody gets a lead back within so many hours after it was taken from them for neglect.',
      168,
    ),
  } satisfies Record<keyof AssignmentPolicy, TSchema>,
  { ...CLOSED, description: '分配: who gets a lead.' },
);

/** Until when leads are followed up. */
export const FollowUpPolicyBody = Type.Object(
  {
    sla_hours: Type.Object(
      { high: hours('Of high.', 1), medium: hours('Of medium.', 9), low: hours('Of low.', 18) } satisfies Record<
        (typeof RATINGS)[number],
        TSchema
      >,
      { ...CLOSED, description: '跟进时限: business hours of the store, by rating.' },
    ),
    ladder_hours: Type.Unsafe<FollowUpPolicy['ladder_hours']>({
      type: 'object',
      required: [...LADDER],
      properties: Object.fromEntries(
        LADDER.map((step) => [
          step,
          { type: ['number', 'null'], minimum: -87_600, maximum: 87_600, description: `${step}; null leaves it out.` },
        ]),
      ),
      additionalProperties: false,
      description:
        '超期处理: so many hours after it is due (less than 0: before) it is announced, the owner reminded, the manager told, the lead taken back.',
      examples: [{ notice: -0.25, remind: 0, escalate: 24, recycle: 48 }],
    }),
  } satisfies Record<keyof FollowUpPolicy, TSchema>,
  { ...CLOSED, description: '跟进: until when a lead is followed up, and what happens then.' },
);

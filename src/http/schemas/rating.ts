import { type Static, Type } from 'typebox';
import { RATINGS } from '../../domain/rating.ts';
import { answeredId, answeredMoment, codeOf, codes, objectOrNull, textOrNull } from './answer-field.ts';
import { reasonText } from './lead-work.ts';

const ID = '0197a3c2-5d10-7abc-8def-0123456789ab';
const closed = { additionalProperties: false } as const;

const ManualRating = Type.Object(
  {
    rating: codeOf(RATINGS, '意向评级.'),
    at: answeredMoment('评级时间.'),
    actor: Type.String({ description: '操作者.', examples: ['adviser:A1 via key:crm'] }),
    reason: textOrNull('原因.', '客户明年再看'),
  },
  { title: 'ManualRating', description: '人工评级: it holds until the next touch of the customer; null: none does.' },
);

/** What the rating of a lead rests on. */
export const RatingFactsRecord = Type.Object(
  {
    rule: Type.String({
      description: '评级规则: rating.base, rating.channels, rating.unanswered, rating.manual, rating.none.',
      examples: ['rating.base'],
    }),
    evidence: codes('依据: ids of touches or of follow-ups.', ID),
    policy_version: Type.Integer({ description: '规则版本 by which it was rated.', examples: [1] }),
    unanswered: codes('连续未接通: ids of the follow-ups without an answer since the last touch or answer.', ID),
    manual: objectOrNull(ManualRating),
  },
  { title: 'RatingFacts', description: '评级依据; null: it was never rated.' },
);
export type RatingFactsRecord = Static<typeof RatingFactsRecord>;

export const RatingBody = Type.Object(
  { rating: codeOf(RATINGS, '意向评级.'), reason: reasonText('原因.', '客户明年再看') },
  { ...closed, title: 'RatingChange', description: '人工评级.', examples: [{ rating: 'low', reason: '客户明年再看' }] },
);

/** A lead after a rating by hand. */
export const RatingAnswer = Type.Object(
  {
    lead_id: answeredId('线索 id; where it was merged, that of the lead that took it.'),
    customer_id: answeredId('客户 id.'),
    changed: Type.Boolean({ description: 'False: it was rated so already.', examples: [true] }),
    rating: textOrNull('意向评级.', 'low'),
    rating_facts: objectOrNull(RatingFactsRecord),
    version: Type.Integer({ description: '版本; also the ETag.', examples: [4] }),
  },
  { title: 'LeadRating', description: '人工评级: the lead after it.' },
);
export type RatingAnswer = Static<typeof RatingAnswer>;

const MOST_RERUN = 2_000; // leads of one call: a transaction of some seconds, in which their people are locked
export const RERUN_SIZE = 500;
const MOST_TOLD = 100;

export const RerunBody = Type.Object(
  {
    dry_run: Type.Optional(
      Type.Boolean({ description: '试算: answers what would change and writes nothing.', examples: [true] }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MOST_RERUN,
        description: `At most so many leads are looked at, ${RERUN_SIZE} where absent.`,
        examples: [RERUN_SIZE],
      }),
    ),
    cursor: Type.Optional(
      Type.String({ maxLength: 500, description: '游标: next_cursor of the call before.', examples: ['WzEsImEiXQ'] }),
    ),
  },
  { ...closed, title: 'RatingRerun', description: '重新评级.', examples: [{ dry_run: true }] },
);

/** What one call of a rerun came to. */
export const RerunAnswer = Type.Object(
  {
    dry_run: Type.Boolean({ description: '试算.', examples: [true] }),
    policy_version: Type.Integer({ description: '规则版本 by which it rated.', examples: [2] }),
    looked: Type.Integer({ description: '已查: open leads looked at.', examples: [500] }),
    changed: Type.Integer({ description: '已变: those rated otherwise.', examples: [12] }),
    counts: Type.Unsafe<Readonly<Record<string, number>>>({
      type: 'object',
      additionalProperties: { type: 'integer' },
      description: '变化: how many went from what to what.',
      examples: [{ 'medium>high': 12 }],
    }),
    changes: Type.Array(
      Type.Object(
        {
          lead_id: answeredId('线索 id.'),
          from: textOrNull('原评级; null: none.', 'medium'),
          to: textOrNull('新评级; null: none.', 'high'),
          rating_rule: Type.String({ description: '评级规则.', examples: ['rating.base'] }),
        },
        { title: 'RatingMove', description: '变化 of one lead.' },
      ),
      { description: `The first ${MOST_TOLD} of them.` },
    ),
    next_cursor: textOrNull('游标 of the next call; null: all open leads were looked at.', 'WzEsImEiXQ'),
  },
  { title: 'RatingRerunDone', description: '重新评级: what one call came to.' },
);
export type RerunAnswer = Static<typeof RerunAnswer>;

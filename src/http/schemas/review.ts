import { type Static, Type } from 'typebox';
import { REVIEW_KINDS, REVIEW_STATES } from '../../store/reviews-list.ts';
import { pageQuery } from '../query.ts';
import { answeredId, answeredMoment, codeOf, pageAnswer, textOrNull } from './answer-field.ts';
import { idOrNull } from './outcome.ts';

export const ReviewsQuery = Type.Object(
  {
    kind: Type.Optional(codeOf(REVIEW_KINDS, '类型; every one where it is left out.')),
    state: Type.Optional(codeOf(REVIEW_STATES, '状态; every one where it is left out.')),
    ...pageQuery,
  },
  { additionalProperties: false },
);

const ReviewIdentity = Type.Object(
  {
    customer_id: answeredId('客户 id on whom it stands.'),
    kind: codeOf(['phone', 'wechat', 'wecom', 'platform_lead'], '身份类型.'),
    value: Type.String({ description: '身份, masked.', examples: ['138****8000'] }),
  },
  { title: 'ReviewIdentity' },
);

const reviewFields = {
  id: answeredId('审核 id.'),
  kind: codeOf(
    REVIEW_KINDS,
    '类型: `merge` two customers named by one submission, `invalid_touched` an invalid lead with new touches, `possible_number_reuse` a repurchase under another name.',
  ),
  state: codeOf(REVIEW_STATES, '状态.'),
  customer_id: answeredId('客户 id.'),
  other_customer_id: idOrNull('merge: the other customer.'),
  lead_id: idOrNull('线索 id.'),
  submission_id: idOrNull('The latest submission that gave cause.'),
  times: Type.Integer({ description: 'How often there was cause while it was open.', examples: [1] }),
  actor: textOrNull('处理人.', 'key:crm'),
  created_at: answeredMoment('时间 of the first cause.'),
  updated_at: answeredMoment('时间 of the last cause, or of the resolution.'),
};

export const ReviewAnswer = Type.Object(
  {
    ...reviewFields,
    identities: Type.Array(ReviewIdentity, {
      description:
        'merge: what may have collided: the phone of the submission, and what the other customer is known by beside a phone.',
    }),
  },
  { title: 'Review', description: '审核: something that a human should look at.' },
);
export const ResolvedReviewAnswer = Type.Object(reviewFields, {
  title: 'ResolvedReview',
  description: '审核: a review that was resolved.',
});
export type ResolvedReviewAnswer = Static<typeof ResolvedReviewAnswer>;
export type ReviewAnswer = Static<typeof ReviewAnswer>;

export const ReviewPageAnswer = pageAnswer(ReviewAnswer, 'ReviewPage');

export const ResolutionBody = Type.Object(
  {
    state: codeOf(['done', 'dismissed'], '结论.'),
    note: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        pattern: '\\S',
        description: '备注; kept in the audit.',
        examples: ['merged by hand'],
      }),
    ),
  },
  { additionalProperties: false, title: 'ReviewResolution' },
);

import { type Static, type TSchema, Type } from 'typebox';
import { type Policy, SCOPES } from '../../domain/policy.ts';
import { answeredMoment, codeOf, pageAnswer } from './answer-field.ts';
import { AssignmentPolicyBody, FollowUpPolicyBody, RatingPolicyBody } from './policy-working.ts';

const whole = (minimum: number, maximum: number, description: string, example: number) =>
  Type.Integer({ minimum, maximum, description, examples: [example] });

/** The whole policy, every field required. `satisfies` holds its names to the domain's type, the routes hold the types of both ways. */
const PolicyBody = Type.Object(
  {
    scope: codeOf(SCOPES, '查重范围: in what duplicates are looked for; where the field is blank it is `all`.'),
    noise_window_seconds: whole(
      0,
      86_400,
      '噪声窗口: within so many seconds of a touch the same content is noise.',
      300,
    ),
    clock_skew_seconds: whole(0, 86_400, 'How far ahead of our clock an occurred_at is believed, in seconds.', 300),
    dormant_after_days: whole(
      1,
      3_650,
      '休眠: so many days of 24 hours without touch or follow-up make it dormant.',
      30,
    ),
    number_reuse_after_months: whole(0, 1_200, 'From when on another name after a win asks for a review.', 12),
    receipt_days: whole(1, 3_650, 'How long delivery and request keys are remembered; external ids never expire.', 90),
    rating: RatingPolicyBody,
    assignment: AssignmentPolicyBody,
    follow_up: FollowUpPolicyBody,
    consent_default: Type.Object(
      {
        contact: Type.Boolean({ description: '联系.', examples: [true] }),
        analytics: Type.Boolean({ description: '分析.', examples: [false] }),
        ad_feedback: Type.Boolean({ description: '广告回传.', examples: [false] }),
      } satisfies Record<keyof Policy['consent_default'], TSchema>,
      { additionalProperties: false, description: '默认授权: what no statement counts as.' },
    ),
  } satisfies Record<keyof Policy, TSchema>,
  { additionalProperties: false, title: 'Policy', description: '规则: every tunable number of judging.' },
);

/** A change of the policy. */
export const PolicyChangeBody = Type.Object(
  {
    document: PolicyBody,
    reason: Type.String({
      minLength: 1,
      maxLength: 500,
      pattern: '\\S',
      description: '原因; kept with the version.',
      examples: ['double clicks up to ten minutes apart'],
    }),
  },
  { additionalProperties: false, title: 'PolicyChange' },
);

/** A version of the policy as it was set. */
export const PolicyAnswer = Type.Object(
  {
    version: Type.Integer({ description: '规则版本; decisions name it.', examples: [1] }),
    document: PolicyBody,
    reason: Type.String({ description: '原因.', examples: ['defaults'] }),
    actor: Type.String({ description: '操作者.', examples: ['key:admin'] }),
    created_at: answeredMoment('生效时间.'),
  },
  { title: 'PolicyVersion', description: '规则版本: never changed.' },
);
export type PolicyAnswer = Static<typeof PolicyAnswer>;

export const PolicyPageAnswer = pageAnswer(PolicyAnswer, 'PolicyPage');

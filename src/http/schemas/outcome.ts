import { type Static, type TProperties, type TUnsafe, Type } from 'typebox';
import { DECISIONS, type Outcome } from '../../domain/outcome.ts';
import { type Problem, problem } from '../problem.ts';
import { isProblemCode } from '../problem-codes.ts';

/** An id or null; one type with two names, which serialises faster than a choice of two schemas. */
export function idOrNull(description: string): TUnsafe<string | null> {
  const examples = ['0197a3c2-5d10-7abc-8def-0123456789ab'];
  return Type.Unsafe<string | null>({ type: ['string', 'null'], description, examples });
}

const OwnerAnswer = Type.Unsafe<Outcome['owner']>({
  type: ['object', 'null'],
  description:
    '归属: who is to follow up and why; adviser null: the pool of the store (null: HQ) has to find one. For a key bound to stores or an adviser it is null where the owner is beyond its reach.',
  properties: {
    adviser: { type: ['string', 'null'], description: '顾问代码.', examples: ['A1'] },
    store: { type: ['string', 'null'], description: '门店代码.', examples: ['S1'] },
    reason: {
      type: 'string',
      description:
        'Why: wheel, rule, named, unchanged, former_owner, repurchase_sticky, previous_owner_inactive, pool, none.',
    },
  },
  required: ['adviser', 'store', 'reason'],
});

const because = (name: string, description: string, example: string) => ({
  type: 'array',
  items: {
    type: 'object',
    properties: { [name]: { type: 'string' }, why: { type: 'string' } },
    required: [name, 'why'],
  },
  description,
  examples: [[{ [name]: example.split(':')[0], why: example.split(':')[1] }]],
});

const AssignmentAnswer = Type.Unsafe<NonNullable<Outcome['assignment']>>({
  type: 'object',
  description:
    '分配说明: how the owner was found; absent where nobody had to be. For a key bound to stores or an adviser it is absent where the owner is beyond its reach.',
  properties: {
    rule: { type: ['string', 'null'], description: '分配规则: the one that fired.', examples: ['capture_store'] },
    skipped: because('rule', '跳过的规则: those before it, and why.', 'vip:no_match'),
    passed_over: because(
      'adviser',
      '跳过的顾问, 20 at most, and why: inactive, on_leave, off_shift, open_cap, daily_cap, cool_down, skill.',
      'A2:off_shift',
    ),
  },
  required: ['rule', 'skipped', 'passed_over'],
});

/** The members of the answer to one submission. */
export const outcomeFields = {
  submission_id: idOrNull('留资 id; null in a dry run.'),
  decision: Type.Unsafe<Outcome['decision']>({
    type: 'string',
    enum: [...DECISIONS],
    description: '判定: what the submission came to.',
    examples: ['created'],
  }),
  original_decision: Type.Optional(
    Type.Unsafe<Outcome['decision']>({
      type: 'string',
      enum: [...DECISIONS],
      description: '原判定: of a replay, what the first one came to.',
    }),
  ),
  lead_id: idOrNull('线索 id; null where there is none, or where a dry run would make it.'),
  customer_id: idOrNull('客户 id.'),
  touch_id: Type.Optional(idOrNull('触点 id.')),
  rule: Type.String({ description: '规则: the rule that fired.', examples: ['none_known'] }),
  policy_version: Type.Integer({ description: '规则版本: of the policy that decided.', examples: [1] }),
  owner: OwnerAnswer,
  assignment: Type.Optional(AssignmentAnswer),
  warnings: Type.Array(Type.String(), { description: '提示: what to know although it was accepted.', examples: [[]] }),
} satisfies TProperties;

/** The answer to one submission. */
export const OutcomeAnswer = Type.Object(outcomeFields, { title: 'Outcome', description: '判定结果.' });
export type OutcomeAnswer = Static<typeof OutcomeAnswer>;

/** An outcome as it is answered. */
export function outcomeAnswer(outcome: Outcome): OutcomeAnswer {
  return {
    submission_id: outcome.submissionId,
    decision: outcome.decision,
    ...(outcome.originalDecision === null ? {} : { original_decision: outcome.originalDecision }),
    lead_id: outcome.leadId,
    customer_id: outcome.customerId,
    ...(outcome.touchId === null ? {} : { touch_id: outcome.touchId }),
    rule: outcome.rule,
    policy_version: outcome.policyVersion,
    owner: outcome.owner,
    ...(outcome.assignment === null ? {} : { assignment: outcome.assignment }),
    warnings: [...outcome.warnings],
  };
}

/** The problem of an outcome that is refused: quarantined, in conflict, or a replay of one. */
export function outcomeProblem(outcome: Outcome): Problem {
  const { refusal } = outcome;
  const given = refusal?.code ?? (outcome.decision === 'conflict' ? 'idempotency_conflict' : undefined);
  const code = isProblemCode(given) ? given : 'submission_unusable';
  const members = {
    submission_id: outcome.submissionId,
    decision: outcome.decision,
    ...(outcome.originalDecision === null ? {} : { original_decision: outcome.originalDecision }),
    quarantine_id: outcome.quarantineId,
    rule: outcome.rule,
    policy_version: outcome.policyVersion,
    warnings: outcome.warnings,
  };
  if (refusal === null) return problem(code, { members });
  const error = { path: refusal.path, code: refusal.code, message: 'cannot be used', hint: refusal.hint };
  return problem(code, { hint: refusal.hint, errors: [error], members });
}

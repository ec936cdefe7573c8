import type { Explanation } from './assignment.ts';

/** 判定: what one submission came to. The closed list. */
export const DECISIONS = [
  'created',
  'merged',
  'reactivated',
  'repurchase',
  'after_lost',
  'late',
  'updated',
  'noise',
  'replayed',
  'suppressed',
  'test',
  'parked',
  'quarantined',
  'conflict',
] as const;
export type Decision = (typeof DECISIONS)[number];

/** When each decision is made, in one sentence. */
export const DECISION_MEANINGS: Readonly<Record<Decision, string>> = {
  created: 'Nobody with this identity has a lead in scope: a new lead.',
  merged: 'The person has an open lead, or one that is invalid for good: another touch of it, the owner stays.',
  reactivated: 'The lead was dormant, or invalid by no answer: the same lead wakes in a new cycle.',
  repurchase: 'The latest lead was won: a new lead for the adviser who closed it.',
  after_lost: 'The latest lead was lost: a new lead linked to it.',
  late: 'It happened before a lead was closed and came after: a touch of that lead, which opens and wakes nothing.',
  updated:
    'The platform re-sent a lead with other values (sources with update semantics): new values for the same touch.',
  noise: 'The same content of the same person, channel and campaign within 300 s: kept, no touch.',
  replayed: 'The same key with the same content: the stored answer, nothing is written.',
  suppressed: 'The person is on the do-not-process list: a minimal record, no lead.',
  test: 'Marked as a test: kept, never a lead, never an event.',
  parked: 'No identity yet, from a source that completes its leads later: kept until it comes.',
  quarantined: 'Unusable: kept whole with a code, to be corrected and retried.',
  conflict: 'A known key with other content: nothing changes.',
};

/** Who is to follow the lead up, and why; `adviser` null means that the pool of `store` (null: HQ) has to find one. */
export interface Owner {
  readonly adviser: string | null;
  readonly store: string | null;
  readonly reason: string; // wheel, rule, named, unchanged, former_owner, repurchase_sticky, previous_owner_inactive, pool, none
}

/** The answer to one submission. Ids are null where nothing was made, or where a dry run would make it. */
export interface Outcome {
  readonly submissionId: string | null;
  readonly decision: Decision;
  readonly originalDecision: Decision | null; // of a replay
  readonly leadId: string | null;
  readonly customerId: string | null;
  readonly touchId: string | null;
  readonly rule: string;
  readonly policyVersion: number;
  readonly owner: Owner | null;
  readonly assignment: Explanation | null; // of what was judged just now, where an owner had to be found
  readonly warnings: readonly string[];
  readonly quarantineId: string | null;
  readonly refusal: { readonly code: string; readonly path: string; readonly hint: string } | null;
}

/** The HTTP status of an outcome, as a single POST answers it. */
export function statusOf(outcome: Pick<Outcome, 'decision' | 'originalDecision' | 'leadId'>): number {
  switch (outcome.decision) {
    case 'created':
    case 'repurchase':
    case 'after_lost':
      return 201;
    case 'parked':
      return 202;
    case 'quarantined':
    case 'conflict':
      return 422;
    case 'replayed':
      return outcome.originalDecision === 'quarantined' ? 422 : 200;
    case 'merged':
    case 'reactivated':
    case 'late':
    case 'updated':
    case 'noise':
    case 'suppressed':
    case 'test':
      return 200;
  }
}

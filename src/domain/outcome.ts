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

/** Who is to follow the lead up, and why; `adviser` null means that the pool of `store` (null: HQ) has to find one. */
export interface Owner {
  readonly adviser: string | null;
  readonly store: string | null;
  readonly reason: string; // named, unchanged, former_owner, repurchase_sticky, pool, none
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

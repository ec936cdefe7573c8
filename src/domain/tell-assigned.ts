import type { Explanation } from './assignment.ts';
import type { Lead } from './lead.ts';
import type { Fact } from './working.ts';

/** What is told when a lead is given to somebody; the lead as it is afterwards. */
export function assignedFact(
  lead: Lead,
  reason: string,
  former: Pick<Lead, 'owner' | 'store'>,
  pool: string | null,
  explanation: Explanation | null,
): Fact {
  return {
    type: 'lead.assigned',
    rule: `assigned.${reason}`,
    data: {
      owner: lead.owner,
      store: lead.store,
      former_owner: former.owner,
      former_store: former.store,
      owner_reason: reason,
      assignment_rule: explanation?.rule ?? null,
      pool,
      skipped: (explanation?.skipped ?? []).map(({ rule, why }) => `${rule}:${why}`),
      passed_over: passedOver(explanation),
      state: lead.state,
      cycle: lead.cycle,
    },
  };
}

/** What is told, once, when nobody could be given a lead. */
export function exhaustedFact(lead: Lead, explanation: Explanation | null): Fact {
  return {
    type: 'assignment.exhausted',
    rule: 'assignment.exhausted',
    data: {
      store: lead.store,
      assignment_rule: explanation?.rule ?? null,
      passed_over: passedOver(explanation),
      cycle: lead.cycle,
    },
  };
}

function passedOver(explanation: Explanation | null): readonly string[] {
  return (explanation?.passed_over ?? []).map(({ adviser, why }) => `${adviser}:${why}`);
}

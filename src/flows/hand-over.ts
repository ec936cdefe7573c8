import type { Explanation } from '../domain/assignment.ts';
import type { Directory } from '../domain/directory.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import { handOver } from '../domain/hand-over.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import type { Policy } from '../domain/policy.ts';
import { taskGiven } from '../domain/task-touch.ts';
import { assignedFact, exhaustedFact } from '../domain/tell-assigned.ts';

/** How a lead gets into other hands; owner null: it waits in the pool of the store. */
export interface HandingOver {
  readonly owner: string | null;
  readonly store: string | null;
  readonly reason: string; // claimed, drained, reassigned
  readonly pool: string | null; // whose turn it was
  readonly passedOver: Explanation['passed_over'];
}

/** A lead in other hands with its task, and the events that tell of it. */
export function handLeadOver(
  lead: Lead,
  customerId: string,
  { owner, store, reason, pool, passedOver }: HandingOver,
  around: {
    readonly at: Instant;
    readonly policy: Policy;
    readonly directory: Directory;
    readonly nextId: () => string;
  },
): { readonly lead: Lead; readonly events: readonly EventDraft[] } {
  const { at, policy, directory, nextId } = around;
  const given = handOver(lead, owner, store, at);
  const why = { rule: null, skipped: [], passed_over: passedOver };
  const told = owner === null ? exhaustedFact(given, why) : assignedFact(given, reason, lead, pool, why);
  // What waited in a pool is still due from its capture on.
  const waited = { ...given, pooledSince: lead.pooledSince };
  const worked = owner === null ? { lead: given, facts: [] } : taskGiven(waited, at, nextId(), policy, directory);
  const events: EventDraft[] = [];
  let current: Lead = { ...worked.lead, pooledSince: given.pooledSince };
  for (const { type, rule, data } of [told, ...worked.facts]) {
    const step = leadEvent(current, customerId, { id: nextId(), type, rule, data, occurredAt: at, submissionId: null });
    events.push(step.event);
    current = step.lead;
  }
  return { lead: current, events };
}

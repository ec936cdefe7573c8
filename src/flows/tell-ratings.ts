import type { Directory } from '../domain/directory.ts';
import type { EventDraft } from '../domain/event.ts';
import { hastenTask } from '../domain/hasten-task.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { tellRating } from '../domain/rate-lead.ts';
import type { FollowUpPolicy } from '../domain/task.ts';
import { tellFacts } from '../domain/tell-facts.ts';

/** What rating leads anew needs to know besides: when, and by which rules and hours their tasks are due. */
export interface RatingsAround {
  readonly at: Instant;
  readonly policy: FollowUpPolicy;
  readonly directory: Directory;
  readonly nextId: () => string;
}

/**
 * Leads of a customer after rating, otherwise than by a touch: with the event of each that is rated otherwise than before in the same
 * cycle (a new one tells nothing), and the task of each that is rated higher brought forward.
 */
export function tellRatings(
  before: readonly Lead[],
  rated: readonly Lead[],
  customerId: string,
  { at, policy, directory, nextId }: RatingsAround,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[] } {
  const events: EventDraft[] = [];
  const leads = rated.map((lead) => {
    const known = before.find(({ id }) => id === lead.id);
    const hastened = hastenTask(lead, at, policy, directory);
    const facts = [...(known === undefined ? [] : tellRating(known, lead)), ...hastened.facts];
    const told = tellFacts({ ...hastened, facts }, customerId, { occurredAt: at, submissionId: null, nextId });
    events.push(...told.events);
    return told.lead;
  });
  return { leads, events };
}

import { type EventDraft, leadEvent } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { tellRating } from '../domain/rate-lead.ts';

/** Leads of a customer after rating, with the event of each that is rated otherwise than before in the same cycle; a new one tells nothing. */
export function tellRatings(
  before: readonly Lead[],
  rated: readonly Lead[],
  customerId: string,
  occurredAt: Instant,
  nextId: () => string,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[] } {
  const events: EventDraft[] = [];
  const leads = rated.map((lead) => {
    const known = before.find(({ id }) => id === lead.id);
    let current = lead;
    for (const fact of known === undefined ? [] : tellRating(known, lead)) {
      const told = leadEvent(current, customerId, { ...fact, id: nextId(), occurredAt, submissionId: null });
      events.push(told.event);
      current = told.lead;
    }
    return current;
  });
  return { leads, events };
}

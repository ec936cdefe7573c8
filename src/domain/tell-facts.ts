import { type EventDraft, leadEvent } from './event.ts';
import type { Lead } from './lead.ts';
import type { Worked } from './working.ts';

/** What is told of steps as events of the lead, in its sequence; the lead returned has it. */
export function tellFacts(
  { lead, facts }: Worked,
  customerId: string,
  { nextId, ...common }: Pick<EventDraft, 'occurredAt' | 'submissionId'> & { readonly nextId: () => string },
): { readonly lead: Lead; readonly events: readonly EventDraft[] } {
  const events: EventDraft[] = [];
  let current = lead;
  for (const fact of facts) {
    const told = leadEvent(current, customerId, { ...common, ...fact, id: nextId() });
    events.push(told.event);
    current = told.lead;
  }
  return { lead: current, events };
}

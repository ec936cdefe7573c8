import { rateLead, tellRating } from './rate-lead.ts';
import { NO_FACTS, ratingOfTouch, withTouch } from './rating-facts.ts';
import type { TouchTaken, Worked } from './working.ts';

/** Rates a lead anew that has taken a touch; a new lead and a new cycle begin from nothing, and tell their rating themselves. */
export function rateTouch({ placement, lead, customer, settled, touchId, policy }: TouchTaken): Worked {
  const begins = placement.kind === 'new' || placement.decision === 'reactivated';
  const { channel, kind, occurredAt: at } = settled;
  const rating = ratingOfTouch(channel, kind, policy.document.rating);
  const facts = withTouch(begins ? NO_FACTS : (lead.ratingFacts ?? NO_FACTS), { id: touchId, at, rating });
  const rated = rateLead(lead, facts, customer.channels, policy);
  const told = begins ? [] : tellRating(lead, rated);
  const { mode } = settled; // history makes no delivery
  return { lead: rated, facts: told.map((fact) => ({ ...fact, data: { ...fact.data, mode } })) };
}

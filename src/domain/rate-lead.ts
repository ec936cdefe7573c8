import { isOpen, type Lead } from './lead.ts';
import type { ChannelTouches } from './person.ts';
import type { PolicyVersion } from './policy.ts';
import { rate } from './rate.ts';
import type { RatingFacts } from './rating.ts';
import type { Fact } from './working.ts';

/** A lead rated by its facts; one that is closed for good keeps its rating and remembers the facts. */
export function rateLead(lead: Lead, facts: RatingFacts, channels: ChannelTouches, policy: PolicyVersion): Lead {
  const known = lead.ratingFacts;
  if (!isRated(lead)) {
    const { rule, evidence, policyVersion } = known ?? facts;
    return { ...lead, ratingFacts: { ...facts, rule, evidence, policyVersion } };
  }
  const { rating, rule, evidence } = rate(facts, channels, policy.document.rating);
  return { ...lead, rating, ratingFacts: { ...facts, rule, evidence, policyVersion: policy.version } };
}

/** Whether a lead is rated: it is open, or asleep only until an earlier touch shows that it was not. */
export function isRated({ state, dormantBy }: Lead): boolean {
  return isOpen(state) || (state === 'dormant' && dormantBy === 'auto');
}

/** What is told of a lead that is rated otherwise than before; nothing where it is not. */
export function tellRating(before: Pick<Lead, 'rating'>, lead: Lead): readonly Fact[] {
  const { rating, ratingFacts: facts } = lead;
  return rating === before.rating || facts === null ? [] : [ratingFact(before, lead, facts)];
}

/** The fact of a rating. */
export function ratingFact(
  { rating: from }: Pick<Lead, 'rating'>,
  { rating: to, cycle }: Pick<Lead, 'rating' | 'cycle'>,
  { rule, evidence }: RatingFacts,
): Fact {
  return { type: 'lead.rating_changed', rule, data: { from, to, rating_rule: rule, evidence, cycle } };
}

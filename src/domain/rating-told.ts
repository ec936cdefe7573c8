import type { Lead } from './lead.ts';

/** What the event of a lead that was made or woken tells of its rating; the evidence only where it is more than the touch told with it. */
export function ratingTold({ rating, ratingFacts }: Lead): Readonly<Record<string, unknown>> {
  const rule = ratingFacts?.rule ?? null;
  const evidence = rule === 'rating.base' ? null : (ratingFacts?.evidence ?? null);
  return { rating, rating_rule: rule, rating_evidence: evidence };
}

import { DAY_MS } from './lead.ts';
import type { ChannelTouches } from './person.ts';
import { RATINGS, type Rating, type RatingFacts, type RatingPolicy } from './rating.ts';

/** What a lead is rated, by which rule, on whose evidence; `rating` null: no touch of the cycle stands. */
export interface Rated {
  readonly rating: Rating | null;
  readonly rule: string;
  readonly evidence: readonly string[];
}

/** Rates a lead: by hand, else nobody answers, else many channels, else the best touch of its cycle. */
export function rate(
  { base, unanswered, manual }: Pick<RatingFacts, 'base' | 'unanswered' | 'manual'>,
  channels: ChannelTouches,
  { upgrade, downgrade }: RatingPolicy,
): Rated {
  if (manual !== null && manual.over === null) return { rating: manual.rating, rule: 'rating.manual', evidence: [] };
  if (base === null) return { rating: null, rule: 'rating.none', evidence: [] };
  const recent = recentTouches(channels, upgrade.days);
  const rises = recent.length >= upgrade.channels && isBetter(upgrade.to, base.rating);
  const rated: Rated = rises
    ? { rating: upgrade.to, rule: 'rating.channels', evidence: recent }
    : { rating: base.rating, rule: 'rating.base', evidence: [base.touchId] };
  const falls = unanswered.length >= downgrade.unanswered && isBetter(rated.rating, downgrade.to);
  if (!falls) return rated;
  const evidence = unanswered.slice(-downgrade.unanswered).map(({ id }) => id);
  return { rating: downgrade.to, rule: 'rating.unanswered', evidence };
}

/** Whether a rating is above another; none is below all. */
export function isBetter(rating: Rating | null, other: Rating | null): boolean {
  return rankOf(rating) > rankOf(other);
}

function rankOf(rating: Rating | null): number {
  return rating === null ? -1 : RATINGS.indexOf(rating);
}

/** The newest touch of each channel within so many days of 24 hours, both ends in, before the newest of all; oldest first. */
function recentTouches(channels: ChannelTouches, days: number): readonly string[] {
  const touches = Object.values(channels);
  const newest = touches.reduce((latest, { at }) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  return touches
    .filter(({ at }) => at >= newest - days * DAY_MS)
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .map(({ id }) => id);
}

import type { Instant } from './instant.ts';
import { isBetter } from './rate.ts';
import type { Rating, RatingFacts, RatingPolicy } from './rating.ts';
import type { TouchKind } from './submission.ts';
import type { FollowUpOutcome } from './task.ts';

/** A follow-up as far as rating goes by it. */
export interface RatedFollowUp {
  readonly id: string;
  readonly at: Instant;
  readonly outcome: FollowUpOutcome;
}

/** What a cycle begins with: nothing is known. */
export const NO_FACTS: RatingFacts = Object.freeze({
  base: null,
  touchAt: null,
  answeredAt: null,
  unanswered: [],
  manual: null,
  rule: 'rating.none',
  evidence: [],
  policyVersion: 0,
});

/** The rating of a touch by itself: its channel's, where the policy names it, else its kind's. */
export function ratingOfTouch(channel: string, kind: TouchKind, { channels, kinds }: RatingPolicy): Rating {
  return Object.hasOwn(channels, channel) ? (channels[channel] ?? kinds[kind]) : kinds[kind];
}

/** The facts with one more touch of the cycle; it resets what came before it and nothing that came after. */
export function withTouch(
  facts: RatingFacts,
  touch: { readonly id: string; readonly at: Instant; readonly rating: Rating },
): RatingFacts {
  const { id, at, rating } = touch;
  const { manual, touchAt } = facts;
  const ends = manual !== null && manual.over === null && at >= manual.at;
  return {
    ...facts,
    base: better(facts.base, { rating, touchId: id, at }),
    touchAt: touchAt === null ? at : Math.max(touchAt, at),
    unanswered: facts.unanswered.filter((followUp) => followUp.at > at),
    manual: ends ? { ...manual, over: id } : manual,
  };
}

/** Outcomes that leave open whether anybody is there; every other one is an answer, a wrong number too: somebody spoke. */
const UNANSWERED: readonly FollowUpOutcome[] = ['no_answer'];

/** The facts with one more follow-up; an answer resets what came before it, an unanswered one counts unless it is older than a touch or an answer. */
export function withFollowUp(facts: RatingFacts, { id, at, outcome }: RatedFollowUp): RatingFacts {
  if (!UNANSWERED.includes(outcome)) {
    const answeredAt = facts.answeredAt === null ? at : Math.max(facts.answeredAt, at);
    return { ...facts, answeredAt, unanswered: facts.unanswered.filter((other) => other.at > at) };
  }
  const isReset = at < (facts.touchAt ?? at) || (facts.answeredAt !== null && at <= facts.answeredAt);
  if (isReset || facts.unanswered.some((other) => other.id === id)) return facts;
  return { ...facts, unanswered: newestOf([...facts.unanswered, { id, at }]) };
}

/** The facts of two leads that become one. */
export function uniteFacts(mine: RatingFacts, theirs: RatingFacts): RatingFacts {
  const touchAt = later(mine.touchAt, theirs.touchAt);
  const answeredAt = later(mine.answeredAt, theirs.answeredAt);
  const unanswered = [...mine.unanswered, ...theirs.unanswered].filter(
    ({ at }) => at >= (touchAt ?? at) && (answeredAt === null || at > answeredAt),
  );
  return {
    ...mine,
    base: theirs.base === null ? mine.base : better(mine.base, theirs.base),
    touchAt,
    answeredAt,
    unanswered: newestOf(unanswered),
    manual: uniteManual(mine, theirs, touchAt),
  };
}

const MOST_UNANSWERED = 10; // the most that a policy may ask for

function newestOf(unanswered: RatingFacts['unanswered']): RatingFacts['unanswered'] {
  return [...unanswered].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)).slice(-MOST_UNANSWERED);
}

function better(known: RatingFacts['base'], other: NonNullable<RatingFacts['base']>): NonNullable<RatingFacts['base']> {
  if (known === null || isBetter(other.rating, known.rating)) return other;
  if (isBetter(known.rating, other.rating)) return known;
  const earlier = other.at < known.at || (other.at === known.at && other.touchId < known.touchId);
  return earlier ? other : known;
}

/** The newer of two ratings by hand, which a newer touch of the other lead has ended. */
function uniteManual(mine: RatingFacts, theirs: RatingFacts, touchAt: Instant | null): RatingFacts['manual'] {
  const [a, b] = [mine.manual, theirs.manual];
  const manual = a === null || (b !== null && b.at > a.at) ? b : a;
  if (manual === null || manual.over !== null || touchAt === null || touchAt <= manual.at) return manual;
  const other = manual === a ? theirs : mine;
  return { ...manual, over: other.base?.touchId ?? null };
}

function later(a: Instant | null, b: Instant | null): Instant | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

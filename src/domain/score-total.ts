import type { Instant } from './instant.ts';
import { type MatchedAttribute, matchAttributes, type Scored } from './score-attributes.ts';
import type { ScoreDocument } from './score-model.ts';

const DAY_MS = 86_400_000;

/** The points of events of one half-life as they stand at a moment: what is left of each, added up. */
export interface Sum {
  readonly value: number;
  readonly at: Instant;
}

/** What is left of points after their age; never more than they were. */
export function decayed(value: number, from: Instant, to: Instant, halfLifeDays: number): number {
  return to <= from ? value : value * 2 ** (-(to - from) / (halfLifeDays * DAY_MS));
}

/** Two sums of one half-life as one, at the later of their moments: in any order it comes to the same. */
export function joinSums(a: Sum, b: Sum, halfLifeDays: number): Sum {
  const at = Math.max(a.at, b.at);
  return { value: decayed(a.value, a.at, at, halfLifeDays) + decayed(b.value, b.at, at, halfLifeDays), at };
}

/** How the events of one type stand at a moment: how many there are, and Σ 2^(−age ÷ half-life). */
export interface TypeWeight {
  readonly type: string;
  readonly count: number;
  readonly weight: number;
}

export interface GroupScore {
  readonly group: string;
  readonly events: number;
  readonly raw: number;
  readonly capped: number;
}

/** 评分: a person's score by one model at a moment, with its reasons; unrounded. */
export interface Score {
  readonly explicit: number;
  readonly implicit: number;
  readonly total: number;
  readonly at: Instant;
  readonly attributes: readonly MatchedAttribute[];
  readonly groups: readonly GroupScore[];
}

/** Scores a person: points of attributes that do not decay, and of each group what is left of its events up to its cap. */
export function scoreOf(model: ScoreDocument, scored: Scored, weights: readonly TypeWeight[], at: Instant): Score {
  const attributes = matchAttributes(model, scored);
  const groups = Object.entries(model.groups).map(([group, { cap }]): GroupScore => {
    let [raw, events] = [0, 0];
    for (const { type, weight, count } of weights) {
      const rule = Object.hasOwn(model.events, type) ? model.events[type] : undefined;
      if (rule?.group !== group) continue;
      raw += rule.points * weight;
      events += count;
    }
    return { group, events, raw, capped: Math.min(cap, raw) };
  });
  const explicit = attributes.reduce((sum, { points }) => sum + points, 0);
  const implicit = groups.reduce((sum, { capped }) => sum + capped, 0);
  return { explicit, implicit, total: explicit + implicit, at, attributes, groups };
}

/** The total at a later moment if nothing more happens. */
export function totalAt(model: ScoreDocument, score: Score, at: Instant): number {
  let total = score.explicit;
  for (const { group, raw } of score.groups) {
    const rule = model.groups[group];
    if (rule !== undefined) total += Math.min(rule.cap, decayed(raw, score.at, at, rule.half_life_days));
  }
  return total;
}

// A millennium: what has not fallen by then (points of attributes alone hold it up) never will.
const FOR_EVER_MS = 365_000 * DAY_MS;

/** The first millisecond after the score's at which decay alone has brought it to where `fallen` holds; null: never. */
export function nextFall(model: ScoreDocument, score: Score, fallen: (total: number) => boolean): Instant | null {
  if (fallen(score.total)) return score.at;
  let [held, fell] = [score.at, score.at + FOR_EVER_MS];
  if (!fallen(totalAt(model, score, fell))) return null;
  // The total never rises by itself: points of events are above 0.
  while (fell - held > 1) {
    const middle = Math.floor((held + fell) / 2);
    if (fallen(totalAt(model, score, middle))) fell = middle;
    else held = middle;
  }
  return fell;
}

import type { Instant } from '../domain/instant.ts';
import { type Pace, refill } from '../domain/pace.ts';

/** What a process keeps of a source that it fetches from. */
export interface FetchPace {
  readonly pace: Pace;
  readonly pausedUntil: Instant;
  readonly version: number; // of the source when it was paused: a change of it ends the pause
  readonly probing: boolean; // nothing came off last time: one is tried before the others
}

/** What one fetch came to, as far as the pace of the next ones goes. */
export type FetchEnd =
  | { readonly kind: 'done' } // the platform spoke of this lead
  | { readonly kind: 'refused' } // the token
  | { readonly kind: 'silent' } // no answer came
  | { readonly kind: 'throttled'; readonly milliseconds: number };

const AT_ONCE = 20;
const REFUSED_MS = 60_000;
const SILENT_MS = 30_000;
const SECOND_MS = 1_000;

/** A source that is fetched from for the first time: a second's worth of requests, and one at least. */
export function startFetchPace(perMinute: number, now: Instant): FetchPace {
  const pace = refill({ tokens: 1, at: now - SECOND_MS }, perMinute / 60, now);
  return { pace, pausedUntil: 0, version: 0, probing: false };
}

/** The pace as it is now, for a source of this version. */
export function refillFetchPace(held: FetchPace, perMinute: number, version: number, now: Instant): FetchPace {
  const pace = refill(held.pace, perMinute / 60, now);
  return held.version === version ? { ...held, pace } : { pace, pausedUntil: 0, version, probing: false };
}

/** How many may be asked for now. */
export function roomOf({ pace, pausedUntil, probing }: FetchPace, now: Instant): number {
  if (now < pausedUntil) return 0;
  return Math.min(probing ? 1 : AT_ONCE, Math.floor(pace.tokens));
}

/** The pace after requests that ended so. A batch of which nothing came off pauses the source: the next ones would fare alike. */
export function afterFetches(held: FetchPace, ends: readonly FetchEnd[], now: Instant): FetchPace {
  const pace = { ...held.pace, tokens: held.pace.tokens - ends.length };
  if (ends.length === 0) return held;
  const throttled = ends.map((end) => (end.kind === 'throttled' ? end.milliseconds : 0));
  const longest = Math.max(...throttled);
  if (longest > 0) return { ...held, pace, pausedUntil: now + longest, probing: true };
  if (ends.some(({ kind }) => kind === 'done')) return { ...held, pace, probing: false };
  const refused = ends.some(({ kind }) => kind === 'refused');
  return { ...held, pace, pausedUntil: now + (refused ? REFUSED_MS : SILENT_MS), probing: true };
}

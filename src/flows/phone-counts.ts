import { LRUCache } from 'lru-cache';
import type { Instant } from '../domain/instant.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_NAMES = 20_000;

/** Counts by name over the last 24 hours; of one process, and gone with it. */
export interface PhoneCounts {
  /** Counts one; whether that is beyond the limit. */
  readonly take: (name: string, limit: number, now: Instant) => 'within' | 'beyond';
}

/** Counts of at most 20,000 names, keyed tokens and no phones; the one not seen for longest is forgotten first. */
export function createPhoneCounts(): PhoneCounts {
  const moments = new LRUCache<string, readonly Instant[]>({ max: MOST_NAMES });
  return {
    take: (name, limit, now) => {
      const recent = (moments.get(name) ?? []).filter((at) => at > now - DAY_MS);
      // What is beyond counts no further: else whoever goes on trying would never be let in again.
      if (recent.length >= limit) return 'beyond';
      moments.set(name, [...recent, now]);
      return 'within';
    },
  };
}

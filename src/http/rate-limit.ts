import { LRUCache } from 'lru-cache';
import type { Instant } from '../domain/instant.ts';

const WINDOW_MS = 60_000;
const MOST_NAMES = 10_000;

/** How a name stands in its minute. */
export interface Allowance {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number; // until the minute is over
  readonly exceeded: boolean;
}

/** Counts by name (a key's id, an address) in windows of a minute; of one process. */
export interface RateLimiter {
  /** Counts one, or `count`, and says how the name stands then. */
  readonly take: (name: string, limit: number, now: Instant, count?: number) => Allowance;
  /** How the name stands, counting nothing. */
  readonly look: (name: string, limit: number, now: Instant) => Allowance;
}

interface Window {
  count: number;
  until: Instant;
}

/** A limiter of at most 10,000 names; the one not seen for longest is forgotten first. */
export function createRateLimiter(): RateLimiter {
  const windows = new LRUCache<string, Window>({ max: MOST_NAMES });
  const current = (name: string, now: Instant): Window => {
    const window = windows.get(name);
    if (window !== undefined && window.until > now) return window;
    const fresh = { count: 0, until: now + WINDOW_MS };
    windows.set(name, fresh);
    return fresh;
  };
  return {
    take: (name, limit, now, count = 1) => {
      const window = current(name, now);
      window.count += count;
      return allowance(window, limit, now, window.count > limit);
    },
    look: (name, limit, now) => {
      const window = current(name, now);
      return allowance(window, limit, now, window.count >= limit);
    },
  };
}

function allowance({ count, until }: Window, limit: number, now: Instant, exceeded: boolean): Allowance {
  return { limit, remaining: Math.max(0, limit - count), resetSeconds: Math.ceil((until - now) / 1000), exceeded };
}

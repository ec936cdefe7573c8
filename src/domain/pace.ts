import type { Instant } from './instant.ts';

/** A token bucket: how many may go, and as of when. */
export interface Pace {
  readonly tokens: number;
  readonly at: Instant;
}

/** A bucket from which one may go at once. */
export function startPace(now: Instant): Pace {
  return { tokens: 1, at: now };
}

/** The bucket as it is now; it holds a second's worth at most, and one at least. */
export function refill({ tokens, at }: Pace, perSecond: number, now: Instant): Pace {
  const gained = (Math.max(0, now - at) / 1000) * perSecond;
  return { tokens: Math.min(Math.max(1, perSecond), tokens + gained), at: now };
}

/** Milliseconds until one may go. */
export function untilNext({ tokens }: Pace, perSecond: number): number {
  return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
}

import type { Instant } from './instant.ts';

/** Whether an endpoint is being spared: what one process knows of it. */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number } // in a row
  | { readonly state: 'open'; readonly until: Instant; readonly opened: number } // times in a row
  | { readonly state: 'half_open'; readonly opened: number } // one probe is under way
  | { readonly state: 'recovering'; readonly since: Instant; readonly opened: number };

export const CLOSED: Breaker = { state: 'closed', failures: 0 };

const FAILURES = 10; // in a row, over all leads of the endpoint
const FIRST_PAUSE_MS = 1_000; // a receiver that restarts is back in a second
const LONGEST_PAUSE_MS = 300_000;
const RAMP_FROM = 10; // deliveries a second
const RAMP_DOUBLES_MS = 3_000;
const RAMP_MS = 30_000; // by then it is 10,240 a second

/** The breaker as it is now: an open one whose pause is over lets a probe through, one that has recovered is closed. */
export function breakerAt(breaker: Breaker, now: Instant): Breaker {
  if (breaker.state === 'open' && now >= breaker.until) return { state: 'half_open', opened: breaker.opened };
  if (breaker.state === 'recovering' && now - breaker.since >= RAMP_MS) return CLOSED;
  return breaker;
}

/** How many deliveries of an endpoint may be under way. */
export function allowed(breaker: Breaker, cap: number): number {
  switch (breaker.state) {
    case 'closed':
    case 'recovering':
      return cap;
    case 'open':
      return 0;
    case 'half_open':
      return 1;
  }
}

/** Deliveries a second while an endpoint recovers, so that its backlog does not come all at once; null: no limit. */
export function rampRate(breaker: Breaker, now: Instant): number | null {
  return breaker.state === 'recovering' ? RAMP_FROM * 2 ** (Math.max(0, now - breaker.since) / RAMP_DOUBLES_MS) : null;
}

/** After an answer that shows the endpoint at work. */
export function succeeded(breaker: Breaker, now: Instant): Breaker {
  switch (breaker.state) {
    case 'closed':
      return breaker.failures === 0 ? breaker : CLOSED;
    case 'open': // what was under way when it opened says little: the probe decides
    case 'recovering':
      return breaker;
    case 'half_open':
      return { state: 'recovering', since: now, opened: breaker.opened };
  }
}

/** After a failure that is the endpoint's and not the delivery's; `chance` is uniform in [0, 1). */
export function failed(breaker: Breaker, now: Instant, chance: number): Breaker {
  switch (breaker.state) {
    case 'closed':
      return breaker.failures + 1 < FAILURES
        ? { state: 'closed', failures: breaker.failures + 1 }
        : open(1, now, chance);
    case 'open':
      return breaker;
    case 'half_open':
    case 'recovering':
      return open(breaker.opened + 1, now, chance);
  }
}

function open(opened: number, now: Instant, chance: number): Breaker {
  const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (opened - 1));
  return { state: 'open', until: now + Math.round(pause * (0.8 + 0.4 * chance)), opened };
}

import type { Hold } from './endpoint.ts';
import type { Instant } from './instant.ts';

/** Seconds before each attempt: eleven attempts over about three days. */
export const DEFAULT_SCHEDULE: readonly number[] = [
  0, 5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
];

/** How a failed attempt is followed up. */
export type FaultClass =
  | 'transient' // tried again on schedule: DNS, connect, TLS, timeout, 5xx, 408, 425, 429
  | 'throttled' // 429 or 503 with Retry-After: moved, and it costs no attempt
  | 'rejected' // any other status: tried again, but holds its lead for three retries at most
  | 'gone' // 410: the endpoint is paused
  | 'forbidden'; // an address that may not be called: never tried again

/** What one attempt came to. `result` is a stable code: delivered, http_500, timeout, connect, dns, tls … */
export type AttemptResult =
  | { readonly kind: 'delivered'; readonly result: 'delivered'; readonly status: number }
  | {
      readonly kind: 'failed';
      readonly result: string;
      readonly status: number | null;
      readonly fault: FaultClass;
      readonly retryAfterMs: number | null; // of throttled
    };

/** What is known of a delivery when its attempt has ended. */
export interface Tried {
  readonly attempts: number; // with this one
  readonly firstAttemptAt: Instant;
}

/** How a delivery goes on. */
export type Verdict =
  | { readonly kind: 'delivered' }
  | {
      readonly kind: 'retry';
      readonly dueAt: Instant;
      readonly refund: 0 | 1; // attempts that this one gives back
      readonly parked: boolean; // later events of its lead go on
      readonly reason: string;
      readonly pauses: boolean; // the endpoint
    }
  | { readonly kind: 'dead'; readonly reason: string };

/** The rules of one endpoint that a verdict goes by. */
export interface RetryRules {
  readonly schedule: readonly number[];
  readonly hold: Hold;
}

const REJECTED_RETRIES = 3;
const JITTER = 0.2; // a retry comes up to a fifth later than its schedule says, never earlier

/** What follows from an attempt; `chance` is uniform in [0, 1). */
export function verdictOf(
  result: AttemptResult,
  tried: Tried,
  { schedule, hold }: RetryRules,
  now: Instant,
  chance: number,
): Verdict {
  if (result.kind === 'delivered') return { kind: 'delivered' };
  const { fault, result: reason } = result;
  const { attempts, firstAttemptAt } = tried;
  const refund = fault === 'throttled' || fault === 'gone' ? 1 : 0;
  const held = attempts - refund >= hold.attempts || now - firstAttemptAt >= hold.seconds * 1000;
  const rejected = fault === 'rejected' && attempts > REJECTED_RETRIES;
  const parked = held || rejected;
  switch (fault) {
    case 'forbidden':
      return { kind: 'dead', reason };
    case 'gone':
      return { kind: 'retry', dueAt: now, refund, parked, reason, pauses: true };
    case 'throttled': {
      const last = firstAttemptAt + horizonOf(schedule) * 1000;
      if (now >= last) return { kind: 'dead', reason: 'horizon_passed' };
      const dueAt = Math.min(now + Math.max(1000, result.retryAfterMs ?? 0), last);
      return { kind: 'retry', dueAt, refund, parked, reason, pauses: false };
    }
    case 'rejected':
    case 'transient': {
      const delay = schedule[attempts];
      if (delay === undefined) return { kind: 'dead', reason: `exhausted:${reason}` };
      const dueAt = now + Math.round(delay * 1000 * (1 + JITTER * chance));
      return { kind: 'retry', dueAt, refund, parked, reason, pauses: false };
    }
  }
}

/** How long after its first attempt a delivery is given up, in seconds, jitter left out. */
export function horizonOf(schedule: readonly number[]): number {
  return schedule.slice(1).reduce((sum, seconds) => sum + seconds, 0);
}

const TRANSIENT = new Set([408, 425, 429]);

/** What an answer's status says of its attempt; `retryAfterMs` is its Retry-After, or null. */
export function resultOfStatus(status: number, retryAfterMs: number | null): AttemptResult {
  if (status >= 200 && status < 300) return { kind: 'delivered', result: 'delivered', status };
  return { kind: 'failed', result: `http_${status}`, status, fault: faultOf(status, retryAfterMs), retryAfterMs };
}

function faultOf(status: number, retryAfterMs: number | null): FaultClass {
  if (status === 410) return 'gone';
  if (retryAfterMs !== null && (status === 429 || status === 503)) return 'throttled';
  return status >= 500 || TRANSIENT.has(status) ? 'transient' : 'rejected';
}

/** Retry-After in milliseconds from now: seconds, or an HTTP date; null where it is absent or unreadable (RFC 9110, 10.2.3). */
export function readRetryAfter(text: string | null, now: Instant): number | null {
  const value = text?.trim() ?? '';
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  if (!/^[A-Z][a-z]{2,8},? /.test(value)) return null;
  const at = Date.parse(/[A-Za-z]$/.test(value) ? value : `${value} GMT`); // of its three forms one names no zone
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

const LEASE_EXTRA_MS = 10_000; // to wait for a turn, and to be settled
const LEASE_MAX_MS = 30_000; // by then the claims of a dead worker are back

/** How long a claimed delivery is kept from other workers, in milliseconds, of its endpoint's timeout. */
export function leaseOf(timeoutMs: number): number {
  return Math.min(LEASE_MAX_MS, timeoutMs + LEASE_EXTRA_MS);
}

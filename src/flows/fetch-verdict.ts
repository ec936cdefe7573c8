import type { FetchResult } from '../channels/channel.ts';
import type { Instant } from '../domain/instant.ts';
import type { FetchSettlement } from '../store/lead-fetches.ts';

/** What asking for a lead came to, where no lead came of it: the platform's answer, or none. */
export type Unfetched = Exclude<FetchResult, { readonly kind: 'lead' }> & {
  readonly code: string; // http_503, timeout: of failed
  readonly retryAfterMs: number | null; // of the answer's Retry-After header
};

const SECONDS = [10, 60, 300, 1_800, 7_200, 21_600, 86_400]; // before each next attempt; the last again and again
const ATTEMPTS_MOST = 12; // about six days
const REFUSED_MS = 10 * 60_000; // somebody has to renew the token
const HORIZON_MS = 90 * 86_400_000; // Meta keeps leads for 90 days; nobody says that another keeps them longer
const THROTTLED_MS = { otherwise: 60_000, least: 1_000, most: 3_600_000 };

/** How a fetch goes on; a refused token and a limit of the platform cost no attempt. */
export function verdictOf(
  unfetched: Unfetched,
  tried: { readonly attempts: number; readonly createdAt: Instant },
  now: Instant,
): Omit<FetchSettlement, 'submissionId' | 'claims'> {
  const late = now - tried.createdAt > HORIZON_MS;
  switch (unfetched.kind) {
    case 'gone':
      return { state: 'dead', dueAt: now, refund: 0, fault: 'gone', detail: unfetched.detail };
    case 'unauthorised': {
      const { detail } = unfetched;
      return { state: late ? 'dead' : 'pending', dueAt: now + REFUSED_MS, refund: 1, fault: 'unauthorised', detail };
    }
    case 'throttled': {
      const dueAt = now + throttledMs(unfetched);
      return { state: late ? 'dead' : 'pending', dueAt, refund: 1, fault: 'throttled', detail: null };
    }
    case 'failed': {
      const { detail, code: fault } = unfetched;
      const seconds = SECONDS[Math.min(tried.attempts, SECONDS.length) - 1] ?? SECONDS[0] ?? 0;
      const state = tried.attempts >= ATTEMPTS_MOST ? 'dead' : 'pending';
      return { state, dueAt: now + seconds * 1000, refund: 0, fault, detail };
    }
  }
}

/** For how long a platform wants no request, in milliseconds: as it says in its answer, a minute where it says nothing. */
export function throttledMs(throttled: Extract<Unfetched, { readonly kind: 'throttled' }>): number {
  const { otherwise, least, most } = THROTTLED_MS;
  const { retryAfterSeconds, retryAfterMs } = throttled;
  const asked = retryAfterSeconds === null ? retryAfterMs : retryAfterSeconds * 1000;
  return Math.min(most, Math.max(least, asked ?? otherwise));
}

import t from 'tap';
import { throttledMs, verdictOf } from '../../src/flows/fetch-verdict.ts';

const NOW = Date.parse('2026-04-12T02:00:00Z');
const DAY = 86_400_000;
const none = { code: 'http_500', retryAfterMs: null };
const fresh = (attempts: number) => ({ attempts, createdAt: NOW - 1000 });
const OLD = { attempts: 1, createdAt: NOW - 91 * DAY };

t.test('a failure waits longer each time, and the twelfth is the last', async (t) => {
  const failed = { kind: 'failed', detail: 'no', ...none } as const;
  const waits = Array.from({ length: 12 }, (_, n) => verdictOf(failed, fresh(n + 1), NOW));
  t.strictSame(
    waits.map(({ state, dueAt }) => (state === 'pending' ? (dueAt - NOW) / 1000 : state)),
    [10, 60, 300, 1800, 7200, 21_600, 86_400, 86_400, 86_400, 86_400, 86_400, 'dead'],
  );
  t.ok(waits.every(({ refund, fault }) => refund === 0 && fault === 'http_500'));
});

t.test('a refused token and a limit cost no attempt, for ninety days', async (t) => {
  const refused = { kind: 'unauthorised', detail: 'token', ...none } as const;
  t.match(verdictOf(refused, fresh(40), NOW), { state: 'pending', refund: 1, dueAt: NOW + 600_000 });
  t.match(verdictOf(refused, OLD, NOW), { state: 'dead', fault: 'unauthorised' });
  const throttled = { kind: 'throttled', retryAfterSeconds: null, ...none } as const;
  t.match(verdictOf(throttled, fresh(40), NOW), { state: 'pending', refund: 1, dueAt: NOW + 60_000 });
  t.match(verdictOf(throttled, OLD, NOW), { state: 'dead', fault: 'throttled' });
});

t.test('what the platform has no more is dead at once', async (t) => {
  t.match(verdictOf({ kind: 'gone', detail: 'gone', ...none }, fresh(1), NOW), { state: 'dead', fault: 'gone' });
});

t.test('how long a limit lasts: what the answer says before its header, within an hour', async (t) => {
  const throttled = (retryAfterSeconds: number | null, retryAfterMs: number | null) =>
    throttledMs({ kind: 'throttled', code: 'http_429', retryAfterSeconds, retryAfterMs });
  t.equal(throttled(null, null), 60_000);
  t.equal(throttled(5, 90_000), 5_000);
  t.equal(throttled(null, 90_000), 90_000);
  t.equal(throttled(0, null), 1_000);
  t.equal(throttled(null, 10 * DAY), 3_600_000);
});

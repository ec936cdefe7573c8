import t from 'tap';
import { createRateLimiter } from '../../src/http/rate-limit.ts';

t.test('counts a name in its minute and begins anew after it', async (t) => {
  const limiter = createRateLimiter();
  t.strictSame(limiter.take('a', 2, 1_000), { limit: 2, remaining: 1, resetSeconds: 60, exceeded: false });
  t.strictSame(limiter.take('a', 2, 31_000), { limit: 2, remaining: 0, resetSeconds: 30, exceeded: false });
  t.strictSame(limiter.take('a', 2, 60_999), { limit: 2, remaining: 0, resetSeconds: 1, exceeded: true });
  t.equal(limiter.take('b', 2, 60_999).exceeded, false, 'another name has its own');
  t.equal(limiter.take('a', 2, 61_000).exceeded, false);
});

t.test('many at once count as many', async (t) => {
  const limiter = createRateLimiter();
  t.match(limiter.take('a', 5, 0, 5), { remaining: 0, exceeded: false });
  t.equal(limiter.take('a', 5, 0, 0).exceeded, false, 'none is none');
  t.equal(limiter.take('a', 5, 0).exceeded, true);
});

t.test('looking counts nothing', async (t) => {
  const limiter = createRateLimiter();
  for (let i = 0; i < 5; i++) t.equal(limiter.look('a', 1, 0).exceeded, false);
  limiter.take('a', 1, 0);
  t.equal(limiter.look('a', 1, 0).exceeded, true);
});

t.test('never remembers more than 10,000 names', async (t) => {
  const limiter = createRateLimiter();
  limiter.take('first', 1, 0);
  for (let i = 0; i < 10_000; i++) limiter.take(`name-${i}`, 1, 0);
  t.equal(limiter.take('first', 1, 0).exceeded, false, 'the oldest was forgotten');
});

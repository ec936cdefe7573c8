import fc from 'fast-check';
import t from 'tap';
import { type Pace, refill, startPace, untilNext } from '../../src/domain/pace.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const EPSILON = 1e-6; // of added fractions

t.test('one may go at once, then as many a second as the rate says', async (t) => {
  let pace: Pace = startPace(NOW);
  t.equal(untilNext(pace, 5), 0);
  pace = { ...pace, tokens: pace.tokens - 1 };
  t.equal(untilNext(pace, 5), 200);
  t.equal(untilNext(pace, 0.01), 100_000);
  t.equal(untilNext(refill(pace, 5, NOW + 199), 5), 1);
  t.equal(untilNext(refill(pace, 5, NOW + 200), 5), 0);
});

t.test('a bucket holds a second of its rate, and one at least', async (t) => {
  t.equal(refill(startPace(NOW), 20, NOW + 3_600_000).tokens, 20);
  t.equal(refill(startPace(NOW), 0.01, NOW + 3_600_000).tokens, 1);
  t.equal(refill({ tokens: 20, at: NOW }, 5, NOW).tokens, 5, 'a rate that was lowered');
});

t.test('a clock that is put back gives nothing and takes nothing', async (t) => {
  t.strictSame(refill({ tokens: 0.5, at: NOW }, 10, NOW - 5_000), { tokens: 0.5, at: NOW - 5_000 });
});

const rate = fc.oneof(
  fc.double({ min: 0.01, max: 1, noNaN: true }),
  fc.double({ min: 1, max: 10_000, noNaN: true }),
  fc.integer({ min: 1, max: 100 }),
);
const step = fc.record({
  after: fc.oneof(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 500_000 })),
  wanted: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 0, max: 50 })),
});

t.test('over any stretch of any run never more go than the rate times the time, and a burst', async (t) => {
  let went = 0;
  fc.assert(
    fc.property(rate, fc.array(step, { minLength: 1, maxLength: 60 }), (perSecond, steps) => {
      let pace = startPace(NOW);
      let now = NOW;
      const taken: { readonly at: number; readonly count: number }[] = [];
      for (const { after, wanted } of steps) {
        now += after;
        pace = refill(pace, perSecond, now);
        const count = Math.min(wanted, Math.floor(pace.tokens));
        pace = { ...pace, tokens: pace.tokens - count };
        taken.push({ at: now, count });
        went += count;
      }
      const burst = Math.max(1, perSecond);
      return taken.every(({ at: from }, first) => {
        let sum = 0;
        return taken.slice(first).every(({ at, count }) => {
          sum += count;
          return sum <= ((at - from) / 1000) * perSecond + burst + EPSILON;
        });
      });
    }),
    { numRuns: 500 },
  );
  t.ok(went > 1_000, `${went} went`);
});

t.test('who waits as long as is said may go, and not a moment sooner', async () => {
  fc.assert(
    fc.property(rate, fc.double({ min: 0, max: 3, noNaN: true }), (perSecond, tokens) => {
      const pace = { tokens, at: NOW };
      const wait = untilNext(pace, perSecond);
      if (tokens >= 1) return wait === 0;
      const then = refill(pace, perSecond, NOW + wait).tokens;
      const before = refill(pace, perSecond, NOW + wait - 1).tokens;
      return wait >= 1 && then >= 1 - EPSILON && before < 1 + EPSILON;
    }),
    { numRuns: 500 },
  );
});

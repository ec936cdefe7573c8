import fc from 'fast-check';
import t from 'tap';
import { EMPTY_PROFILE } from '../../src/domain/profile.ts';
import type { ScoreDocument } from '../../src/domain/score-model.ts';
import { decayed, joinSums, nextFall, type Sum, scoreOf, totalAt } from '../../src/domain/score-total.ts';

const DAY = 86_400_000;
const MODEL: ScoreDocument = {
  attributes: [],
  events: { a: { points: 8, group: 'web' }, b: { points: 3, group: 'mail' } },
  groups: { web: { cap: 60, half_life_days: 30 }, mail: { cap: 20, half_life_days: 7 } },
  bands: { mql: 30, sql: 50, hot: 80, rearm: 5 },
};
const NOBODY = { profile: EMPTY_PROFILE, fields: null };

t.test('one event after another comes to what all of them from scratch come to, in any order', async () => {
  const event = fc.record({ value: fc.integer({ min: 1, max: 100 }), at: fc.integer({ min: 0, max: 400 * DAY }) });
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 90 }), (events, days) => {
      const at = 400 * DAY;
      const scratch = events.reduce((sum, e) => sum + decayed(e.value, e.at, at, days), 0);
      const one = events.reduce<Sum>((sum, e) => joinSums(sum, e, days), { value: 0, at: 0 });
      const kept = decayed(one.value, one.at, at, days);
      return Math.abs(kept - scratch) <= 1e-9 * Math.max(1, scratch);
    }),
  );
});

t.test('the next fall is the first millisecond at which it holds', async () => {
  const weight = fc.record({
    type: fc.constantFrom('a', 'b'),
    count: fc.constant(1),
    weight: fc.double({ min: 0.01, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(weight, { maxLength: 4 }), fc.integer({ min: 1, max: 79 }), (weights, line) => {
      const score = scoreOf(MODEL, NOBODY, weights, 0);
      const fell = (total: number) => total <= line;
      const at = nextFall(MODEL, score, fell);
      if (at === null) return false; // without attributes everything falls
      return fell(totalAt(MODEL, score, at)) && (at === 0 || !fell(totalAt(MODEL, score, at - 1)));
    }),
  );
});

t.test('attributes hold a score up for ever', async (t) => {
  const score = { ...scoreOf(MODEL, NOBODY, [], 0), explicit: 60, total: 60 };
  t.equal(
    nextFall(MODEL, score, (total) => total <= 50),
    null,
  );
});

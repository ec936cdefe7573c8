import fc from 'fast-check';
import t from 'tap';
import { auc } from '../../src/domain/auc.ts';
import { type BacktestLead, backtest } from '../../src/domain/backtest.ts';
import { sampleOf } from '../../src/domain/sample.ts';
import type { ScoreDocument } from '../../src/domain/score-model.ts';

const MODEL: ScoreDocument = { attributes: [], events: {}, groups: {}, bands: { mql: 30, sql: 50, hot: 80, rearm: 5 } };

function leadsOf(rows: readonly (readonly [total: number, won: boolean, activeTotal?: number])[]): BacktestLead[] {
  return rows.map(([total, won, activeTotal = 0], n) => ({ id: `L${n}`, total, won, activeTotal }));
}

t.test('AUC of four leads worked out by hand, and with ties', async (t) => {
  const judged = (rows: readonly (readonly [number, boolean])[]) => rows.map(([total, won]) => ({ total, won }));
  // Wins 0.35 and 0.8 against losses 0.1 and 0.4: above in 3 of 4 pairs.
  t.equal(
    auc(
      judged([
        [0.1, false],
        [0.4, false],
        [0.35, true],
        [0.8, true],
      ]),
    ),
    0.75,
  );
  // One tie counts half: (0.5 + 1 + 1 + 1) ÷ 4.
  t.equal(
    auc(
      judged([
        [5, true],
        [5, false],
        [7, true],
        [1, false],
      ]),
    ),
    0.875,
  );
  t.equal(
    auc(
      judged([
        [3, true],
        [3, false],
        [3, true],
      ]),
    ),
    0.5,
  );
  t.equal(auc(judged([[3, true]])), null);
  t.equal(auc(judged([[3, false]])), null);
  t.equal(auc([]), null);
});

t.test('AUC is the share of pairs, in whatever order the leads come', async () => {
  const lead = fc.record({ total: fc.integer({ min: 0, max: 8 }), won: fc.boolean() });
  fc.assert(
    fc.property(fc.array(lead, { maxLength: 40 }), (leads) => {
      const wins = leads.filter(({ won }) => won);
      const losses = leads.filter(({ won }) => !won);
      let pairs = 0;
      for (const a of wins) for (const b of losses) pairs += a.total > b.total ? 1 : a.total === b.total ? 0.5 : 0;
      const expected = wins.length * losses.length === 0 ? null : pairs / (wins.length * losses.length);
      return auc(leads) === expected && auc([...leads].reverse()) === expected;
    }),
  );
});

t.test('precision, recall and lift of twenty leads worked out by hand', async (t) => {
  // Totals 95, 90, … 0; the five wins stand at 95, 90, 60, 55 and 20.
  const won = new Set([95, 90, 60, 55, 20]);
  const leads = leadsOf(Array.from({ length: 20 }, (_, n) => [95 - 5 * n, won.has(95 - 5 * n)] as const));
  const report = backtest(MODEL, null, leads);
  t.match(report, { leads: 20, wins: 5, base_rate: 0.25, would_cross: null });
  t.strictSame(report.bands, [
    { band: 'mql', threshold: 30, leads: 14, wins: 4, precision: 4 / 14, recall: 0.8 }, // from 30
    { band: 'sql', threshold: 50, leads: 9, wins: 4, precision: 4 / 9, recall: 0.8 }, // strictly above 50
    { band: 'hot', threshold: 80, leads: 3, wins: 2, precision: 2 / 3, recall: 0.4 }, // strictly above 80
  ]);
  const [first, second, , fourth] = report.deciles;
  t.strictSame(first, { decile: 1, leads: 2, wins: 2, win_rate: 1, lift: 4, highest: 95, lowest: 90 });
  t.match(second, { wins: 0, win_rate: 0, lift: 0, highest: 85, lowest: 80 });
  t.match(fourth, { wins: 1, win_rate: 0.5, lift: 2, highest: 65, lowest: 60 });
  // Losses above each win: 0, 0, 5, 5, 11; of 75 pairs 75 − 21 are right.
  t.equal(report.auc, 54 / 75);
});

t.test('who would cross is below the line by the active version and in the band by this one', async (t) => {
  const active: ScoreDocument = { ...MODEL, bands: { mql: 10, sql: 20, hot: 90, rearm: 5 } };
  const leads = leadsOf([
    [85, false, 5],
    [85, false, 95],
    [51, false, 20],
    [51, false, 21],
    [50, false, 0],
    [29, false, 0],
  ]);
  t.strictSame(backtest(MODEL, active, leads).would_cross, { mql: 2, sql: 2, hot: 1 });
});

t.test('nobody, and fewer than ten, give ten rows all the same', async (t) => {
  const none = backtest(MODEL, null, []);
  t.match(none, { leads: 0, wins: 0, base_rate: null, auc: null });
  t.strictSame(none.deciles[9], {
    decile: 10,
    leads: 0,
    wins: 0,
    win_rate: null,
    lift: null,
    highest: null,
    lowest: null,
  });
  t.match(none.bands[0], { leads: 0, precision: null, recall: null });
  const three = backtest(
    MODEL,
    null,
    leadsOf([
      [1, false],
      [2, true],
      [2, false],
    ]),
  );
  t.strictSame(
    three.deciles.filter(({ leads }) => leads > 0).map(({ highest, wins }) => [highest, wins]),
    [
      [2, 1],
      [2, 0],
      [1, 0],
    ],
    'of equal totals the lower id comes first',
  );
});

t.test('deciles hold every lead and every win once, highest first, as even as can be', async () => {
  const lead = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.boolean());
  fc.assert(
    fc.property(fc.array(lead, { maxLength: 73 }), (rows) => {
      const { deciles, leads, wins } = backtest(MODEL, null, leadsOf(rows));
      const sizes = deciles.map((row) => row.leads);
      const held = deciles.filter((row) => row.leads > 0);
      return (
        sizes.reduce((a, b) => a + b, 0) === leads &&
        deciles.reduce((sum, row) => sum + row.wins, 0) === wins &&
        Math.max(...sizes) - Math.min(...sizes) <= 1 &&
        held.every((row, i) => i === 0 || (held[i - 1]?.lowest ?? 0) >= (row.highest ?? 0))
      );
    }),
  );
});

t.test('a sample is everybody up to the limit, and never nobody', async (t) => {
  t.strictSame(sampleOf(100, 100), { buckets: 4096, share: 1 });
  t.strictSame(sampleOf(200, 100), { buckets: 2048, share: 0.5 });
  t.equal(sampleOf(1e9, 1).buckets, 1);
});

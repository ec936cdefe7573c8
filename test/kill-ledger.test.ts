import t from 'tap';
import { testDatabase } from './helpers/database.ts';
import { judge } from './helpers/kill-ledger/judge.ts';
import { runKillLedger } from './helpers/kill-ledger/run.ts';

// `npm run bench -- kill-ledger` is the long form.
t.setTimeout(300_000);
t.test('what is accepted is delivered, whoever is killed meanwhile', async (t) => {
  const { url, pool } = await testDatabase(t);
  const ledger = await runKillLedger({
    databaseUrl: url,
    pool,
    program: ['dist/main.js'],
    serves: 1,
    works: 1,
    leads: 200,
    kills: 4,
    timeoutMs: 1_500,
    seed: 19,
    stop: AbortSignal.timeout(270_000),
    tell: (line) => t.comment(line),
  });
  const { figures, faults } = judge(ledger);
  t.strictSame(faults, []);
  t.match(figures, { 'leads posted': 200, accepted: 200, 'submissions committed': 200 });
  t.equal(figures['events delivered'], figures['events committed']);
  t.ok(ledger.kills.length >= 4, `${ledger.kills.length} kills`);
  t.ok(
    ledger.arrivals.some(({ decision }) => decision !== 'taken'),
    'the receiver has failed',
  );
  t.comment(JSON.stringify(figures));
});

import { createPool } from '../src/store/database.ts';
import { type Judgement, judge } from '../test/helpers/kill-ledger/judge.ts';
import { runKillLedger } from '../test/helpers/kill-ledger/run.ts';
import { openStage } from './stage.ts';

const LEADS = 2_000;
const KILLS = 12;
const LIMIT_MS = 300_000;

/** Posts leads while services and worker are killed and the receiver fails, and holds what came of it against the laws. */
export async function benchKillLedger(): Promise<void> {
  const [leads = LEADS, seed = Date.now() % 1_000_000] = process.argv.slice(3).map(Number);
  if (!Number.isInteger(leads) || leads < 1 || !Number.isInteger(seed)) {
    process.stderr.write('usage: npm run bench -- kill-ledger [leads] [seed]\n');
    process.exitCode = 2;
    return;
  }
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
  const stop = AbortSignal.any([interrupted.signal, AbortSignal.timeout(LIMIT_MS)]);
  const stage = await openStage({ max_connections: '200' });
  try {
    const databaseUrl = await stage.database('kill_ledger');
    const pool = createPool(databaseUrl, 2);
    pool.on('error', () => undefined); // an idle connection that ends with the database
    try {
      const ledger = await runKillLedger({
        databaseUrl,
        pool,
        program: ['dist/main.js'],
        serves: 2,
        works: 1,
        leads,
        kills: KILLS,
        timeoutMs: 3_000,
        seed,
        stop,
        tell: (line) => process.stderr.write(`${line}\n`),
      });
      report(await stage.facts(), seed, judge(ledger));
    } catch (error) {
      const late = 'it was not done within five minutes, or was interrupted';
      process.stderr.write(`seed ${seed}: ${stop.aborted ? late : String(error)}\n`);
      process.exitCode = 1;
    } finally {
      await pool.end();
    }
  } finally {
    await stage.close();
  }
}

function report(facts: string, seed: number, { figures, faults }: Judgement): void {
  const rows = Object.entries(figures).map(([name, figure]) => `| ${name} | ${figure} |`);
  const verdict = faults.length === 0 ? ['accepted = committed = delivered; every law is kept'] : faults;
  process.stdout.write(`${[facts, `seed ${seed}`, '', '| | |', '|---|---:|', ...rows, '', ...verdict].join('\n')}\n`);
  if (faults.length > 0) process.exitCode = 1;
}

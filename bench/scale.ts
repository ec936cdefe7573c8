import { fillLeads } from './fill.ts';
import { leadStream } from './leads.ts';
import { offer } from './load.ts';
import { openStage, startClew } from './stage.ts';

const LEADS = Number(process.env['BENCH_LEADS'] ?? 1_000_000);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = 64;

/** Measures the way in at 64 connections on an empty store and over a million leads, interleaved. */
export async function benchScale(): Promise<void> {
  const stage = await openStage();
  try {
    const empty = await stage.database('bench_empty');
    const full = await stage.database('bench_full');
    await fillLeads(stage, full, LEADS);
    const rates: Record<'empty' | 'full', number[]> = { empty: [], full: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, url] of [
        ['empty', empty],
        ['full', full],
      ] as const) {
        const rate = await measure(url, `${name}-${round}`, round);
        rates[name].push(rate);
        process.stderr.write(`round ${round + 1}: ${name} ${Math.round(rate)}/s\n`);
      }
    }
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
    const ratio = middle(rates.full) / middle(rates.empty);
    const facts = await stage.facts();
    process.stdout.write(
      `${[
        facts,
        `clew at ${CONNECTIONS} connections, median of ${ROUNDS} interleaved rounds of ${SECONDS} s`,
        '',
        '| store | leads/s |',
        '|---|---:|',
        `| empty | ${Math.round(middle(rates.empty))} |`,
        `| ${LEADS.toLocaleString('en')} leads | ${Math.round(middle(rates.full))} |`,
        '',
        `ratio (aim ≥ 0.85): ${ratio.toFixed(2)}`,
        '',
        JSON.stringify({ facts, leads: LEADS, rates, ratio }),
      ].join('\n')}\n`,
    );
  } finally {
    await stage.close();
  }
}

async function measure(url: string, run: string, round: number): Promise<number> {
  const clew = await startClew(url);
  try {
    const load = (name: string, seconds: number) => {
      const stream = leadStream(name, 200_000 + round * 50_000);
      const body = (): string => JSON.stringify(stream.next());
      return offer({ ...clew, path: '/v1/leads', connections: CONNECTIONS, seconds, body });
    };
    await load(`${run}-warm`, 1.5);
    return (await load(run, SECONDS)).perSecond;
  } finally {
    await clew.stop();
  }
}

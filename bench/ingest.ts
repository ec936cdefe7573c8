import { leadStream } from './leads.ts';
import { type LoadResult, offer } from './load.ts';
import { openStage, runProgram, type Stage, startClew, startServer } from './stage.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = [1, 64, 256];
const SOURCE = '00000000-0000-7000-8000-00000000000b';

interface Row {
  readonly subject: string;
  readonly perSecond: number;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly memoryMb: number | null;
  readonly refused: number;
}

/** One line of the table: what is measured and how, once per round. */
interface Measure {
  readonly name: string;
  readonly run: (round: number) => Promise<Omit<Row, 'subject'>>;
}

/** Measures the way in beside what it could be compared with; median of interleaved rounds. */
export async function benchIngest(): Promise<void> {
  const stage = await openStage();
  try {
    const measures = await prepareMeasures(stage);
    const rounds = new Map<string, Omit<Row, 'subject'>[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const measure of measures) {
        const result = await measure.run(round);
        rounds.set(measure.name, [...(rounds.get(measure.name) ?? []), result]);
        process.stderr.write(`round ${round + 1}: ${measure.name} ${Math.round(result.perSecond)}/s\n`);
      }
    }
    const rows = [...rounds].map(([subject, results]) => ({ subject, ...medianOf(results) }));
    report(await stage.facts(), rows);
  } finally {
    await stage.close();
  }
}

async function prepareMeasures(stage: Stage): Promise<readonly Measure[]> {
  const urls = {
    clew: await stage.database('bench_clew'),
    plain: await stage.database('bench_plain'),
    sets64: await stage.database('sets64'),
    sets250: await stage.database('sets250'),
  };
  // Each round and each subject meets fresh phones of its own database, after those of the rounds before.
  const streamFor = (subject: string, round: number, slot: number) => {
    const stream = leadStream(`${subject}-${round}-${slot}`, round * 300_000 + slot * 90_000);
    return () => JSON.stringify(stream.next());
  };
  const overHttp = (subject: 'clew' | 'plain', connections: number, slot: number): Measure => ({
    name: `${subject === 'clew' ? '(a) clew' : '(b) plain handler'}, ${connections} connections`,
    run: async (round) => {
      const server =
        subject === 'clew'
          ? await startClew(urls.clew)
          : await startServer('plain-server.ts', { DATABASE_URL: urls.plain, BENCH_SOURCE: SOURCE });
      try {
        const path = '/v1/leads';
        await offer({ ...server, path, connections, seconds: 1.5, body: streamFor(`${subject}-warm`, round, slot) });
        const load = await offer({
          ...server,
          path,
          connections,
          seconds: SECONDS,
          body: streamFor(subject, round, slot),
        });
        return { ...resultOf(load), memoryMb: await server.memoryMb() };
      } finally {
        await server.stop();
      }
    },
  });
  const sets = (size: 64 | 250): Measure => ({
    name: `(c) set statements, batches of ${size}`,
    run: async (round) => {
      const args = [String(size), String(SECONDS), `sets-${round}`, String(round * 300_000)];
      const env = { DATABASE_URL: size === 64 ? urls.sets64 : urls.sets250, BENCH_SOURCE: SOURCE };
      const { perSecond } = await runProgram<{ perSecond: number }>('set-limit.ts', args, env);
      return { perSecond, p50: null, p99: null, memoryMb: null, refused: 0 };
    },
  });
  const constant: Measure = {
    name: '(d) Fastify and a constant, 64 connections',
    run: async (round) => {
      const server = await startServer('constant-server.ts', {});
      try {
        const load = await offer({
          ...server,
          path: '/v1/leads',
          connections: 64,
          seconds: SECONDS,
          body: streamFor('d', round, 0),
        });
        return { ...resultOf(load), memoryMb: await server.memoryMb() };
      } finally {
        await server.stop();
      }
    },
  };
  return [
    ...CONNECTIONS.flatMap((connections, slot) => [
      overHttp('clew', connections, slot),
      overHttp('plain', connections, slot),
    ]),
    sets(64),
    sets(250),
    constant,
  ];
}

function resultOf(load: LoadResult): Omit<Row, 'subject' | 'memoryMb'> {
  return { perSecond: load.perSecond, p50: load.p50, p99: load.p99, refused: load.refused };
}

function medianOf(results: readonly Omit<Row, 'subject'>[]): Omit<Row, 'subject'> {
  const middle = (values: readonly (number | null)[]): number | null => {
    const sorted = values.filter((value) => value !== null).sort((a, b) => a - b);
    return sorted.length === 0 ? null : (sorted[sorted.length >> 1] ?? null);
  };
  return {
    perSecond: middle(results.map((result) => result.perSecond)) ?? 0,
    p50: middle(results.map((result) => result.p50)),
    p99: middle(results.map((result) => result.p99)),
    memoryMb: middle(results.map((result) => result.memoryMb)),
    refused: results.reduce((sum, result) => sum + result.refused, 0),
  };
}

function report(facts: string, rows: readonly Row[]): void {
  const cell = (value: number | null, digits: number): string => (value === null ? '–' : value.toFixed(digits));
  const of = (name: string): Row | undefined => rows.find((row) => row.subject.startsWith(name));
  const rate = (name: string): number => of(name)?.perSecond ?? Number.NaN;
  const ratios = {
    'a at 64 ÷ b at 64 (aim ≥ 3)': rate('(a) clew, 64') / rate('(b) plain handler, 64'),
    'a at 64 ÷ c at 64 (aim ≥ 0.6)': rate('(a) clew, 64') / rate('(c) set statements, batches of 64'),
    'p99 of a lone request, a ÷ b (aim < 2)': (of('(a) clew, 1 ')?.p99 ?? 0) / (of('(b) plain handler, 1 ')?.p99 ?? 1),
  };
  const lines = [
    facts,
    `median of ${ROUNDS} interleaved rounds of ${SECONDS} s; 20 % repeats over 1,000,000 phones`,
    '',
    '| | leads/s | p50 ms | p99 ms | memory MB | refused |',
    '|---|---:|---:|---:|---:|---:|',
    ...rows.map(
      (row) =>
        `| ${row.subject} | ${Math.round(row.perSecond)} | ${cell(row.p50, 2)} | ${cell(row.p99, 2)} | ${cell(row.memoryMb, 0)} | ${row.refused} |`,
    ),
    '',
    ...Object.entries(ratios).map(([name, value]) => `${name}: ${value.toFixed(2)}`),
    '',
    JSON.stringify({ facts, rows, ratios }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

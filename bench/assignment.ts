import { leadStream } from './leads.ts';
import { offer } from './load.ts';
import { openStores } from './open-stores.ts';
import { benchKey, openStage, type Stage, startClew } from './stage.ts';

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = 64;
const STORES = 20;
const ADVISERS = 4; // of each store

/** One way to run the load: over so many processes, with leads of so many stores; no advisers: nobody is assigned. */
interface Subject {
  readonly name: string;
  readonly stores: number;
  readonly advisers: number;
  readonly processes: number;
}

const SUBJECTS: readonly Subject[] = [
  { name: 'without a directory', stores: STORES, advisers: 0, processes: 1 },
  { name: `${STORES} stores of ${ADVISERS} advisers`, stores: STORES, advisers: ADVISERS, processes: 1 },
  { name: 'one hot store, two processes', stores: 1, advisers: ADVISERS, processes: 2 },
  { name: 'without a directory, two processes', stores: 1, advisers: 0, processes: 2 },
];

/** Measures the way in with assignment beside the same without; median of interleaved rounds. */
export async function benchAssignment(): Promise<void> {
  const stage = await openStage();
  try {
    const urls = new Map<string, string>();
    for (const [n, subject] of SUBJECTS.entries()) urls.set(subject.name, await prepare(stage, subject, n));
    const rates = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const subject of SUBJECTS) {
        const perSecond = await measure(urls.get(subject.name) ?? '', subject, round);
        rates.set(subject.name, [...(rates.get(subject.name) ?? []), perSecond]);
        process.stderr.write(`round ${round + 1}: ${subject.name} ${Math.round(perSecond)}/s\n`);
      }
    }
    await report(stage, rates, urls);
  } finally {
    await stage.close();
  }
}

async function prepare(stage: Stage, { stores, advisers }: Subject, n: number): Promise<string> {
  const url = await stage.database(`bench_assignment_${n}`);
  if (advisers === 0) return url;
  await openStores(stage, url, stores, advisers);
  return url;
}

async function measure(url: string, { stores, processes }: Subject, round: number): Promise<number> {
  const key = benchKey();
  const servers = await Promise.all(Array.from({ length: processes }, () => startClew(url, {}, key)));
  try {
    const loads = await Promise.all(
      servers.map((server, n) => {
        const stream = leadStream(`assignment-${round}-${n}`, round * 300_000 + n * 150_000);
        let sent = 0;
        const body = () => {
          sent += 1;
          return JSON.stringify({ ...stream.next(), store: `S${sent % stores}` });
        };
        const connections = CONNECTIONS / processes;
        return offer({ ...server, path: '/v1/leads', connections, seconds: SECONDS, warmSeconds: 1.5, body });
      }),
    );
    const refused = loads.reduce((sum, load) => sum + load.refused, 0);
    if (refused > 0) throw new Error(`${refused} answers were no success`);
    return loads.reduce((sum, { perSecond }) => sum + perSecond, 0);
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}

async function report(
  stage: Stage,
  rates: ReadonlyMap<string, readonly number[]>,
  urls: ReadonlyMap<string, string>,
): Promise<void> {
  const median = (name: string | undefined): number => {
    const sorted = [...(rates.get(name ?? '') ?? [])].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  };
  const [without, stores, hot, two] = SUBJECTS.map(({ name }) => name);
  const spread = await stage.query(
    urls.get(stores ?? '') ?? '',
    `select max(most - least) as uneven from (select max(n) as most, min(n) as least from
      (select store, owner, count(*) as n from lead where owner is not null group by store, owner) counted group by store) each`,
  );
  const lines = [
    await stage.facts(),
    `median of ${ROUNDS} interleaved rounds of ${SECONDS} s at ${CONNECTIONS} connections`,
    '',
    ...SUBJECTS.map(({ name }) => `${name}: ${Math.round(median(name))} leads/s`),
    '',
    `with ÷ without, ${STORES} stores (aim ≥ 0.85): ${(median(stores) / median(without)).toFixed(2)}`,
    `with ÷ without, one hot store over two processes (reported): ${(median(hot) / median(two)).toFixed(2)}`,
    `most uneven store: ${String(spread[0]?.['uneven'])} leads between its advisers (aim ≤ 1)`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

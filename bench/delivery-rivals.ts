import { writeBacklog } from './delivery-backlog.ts';
import { createWorld, type World } from './delivery-clew.ts';
import { perDelivery, postmasterOf, type Spent, spentBy } from './delivery-cpu.ts';
import { CONNECTIONS, drain, urlsOf } from './delivery-drain.ts';
import { type Finding, median, table, whole } from './delivery-numbers.ts';
import { asker, forkBench, type Receiver } from './delivery-receiving.ts';
import type { Stage } from './stage.ts';

/** How a rival is run. `relaxed`: its commits do not wait for the disk, as our claims and settlements do not. */
export type RivalSettings = { readonly commits: 'durable' | 'relaxed' } & (
  | { readonly rival: 'pg-boss'; readonly batch: number; readonly loops: number }
  | {
      readonly rival: 'graphile-worker';
      readonly concurrency: number;
      readonly localQueue: number;
      readonly batchDelay: number; // milliseconds that completions wait for others
    }
);

/** What a rival's process is told. */
export type RivalQuestion =
  | { readonly kind: 'fill'; readonly jobs: number; readonly body: string }
  | { readonly kind: 'start' | 'stop' };

interface Rate {
  readonly perSecond: number;
  readonly cpu: Spent; // microseconds a delivery; `clew` is the sender, whoever it is
}

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const JOBS = Number(process.env['BENCH_JOBS'] ?? 20_000);
const TRIED_WITH = 6_000;
const AIM = 2;
const PATH = '/fast/rivals';

const boss = (batch: number, loops: number, commits: RivalSettings['commits']): RivalSettings =>
  ({ rival: 'pg-boss', batch, loops, commits }) as const;
const graphile = (concurrency: number, batchDelay: number, commits: RivalSettings['commits']): RivalSettings =>
  ({ rival: 'graphile-worker', concurrency, localQueue: 500, batchDelay, commits }) as const;

const TRIED: readonly RivalSettings[] = [
  boss(50, 2, 'durable'),
  boss(250, 2, 'durable'),
  boss(500, 2, 'durable'),
  boss(100, 4, 'relaxed'),
  boss(500, 2, 'relaxed'),
  graphile(16, 0, 'durable'),
  graphile(64, 0, 'durable'),
  graphile(64, 50, 'durable'),
  graphile(64, 0, 'relaxed'),
];

/** Measures how fast a backlog goes out beside two queues of others, each at the best of some settings. */
export async function benchRivals(stage: Stage, receiver: Receiver): Promise<Finding> {
  const [endpoint] = urlsOf(receiver, [PATH]);
  const world = await createWorld(stage, 'rivals', [endpoint ?? ''], { concurrency: CONNECTIONS });
  const body = await sampleOf(stage, receiver, world);
  const rival = (settings: RivalSettings, jobs: number) => drainRival(stage, receiver, world, settings, body, jobs);
  const tried: { readonly settings: RivalSettings; readonly perSecond: number }[] = [];
  for (const settings of TRIED) {
    const { perSecond } = await rival(settings, TRIED_WITH);
    tried.push({ settings, perSecond });
    process.stderr.write(`${nameOf(settings)}: ${whole(perSecond)}/s\n`);
  }
  const best = (['pg-boss', 'graphile-worker'] as const).flatMap((name) =>
    tried
      .filter(({ settings }) => settings.rival === name)
      .sort((a, b) => b.perSecond - a.perSecond)
      .slice(0, 1)
      .map(({ settings }) => settings),
  );
  const rates = new Map<string, Rate[]>();
  const note = (name: string, rate: Rate) => {
    rates.set(name, [...(rates.get(name) ?? []), rate]);
    process.stderr.write(`${name}: ${whole(rate.perSecond)}/s\n`);
  };
  for (let round = 0; round < ROUNDS; round += 1) {
    const firstPhone = (round + 1) * JOBS;
    await writeBacklog(stage, world.url, { run: `r${round}`, events: JOBS, firstPhone, ageSeconds: 900 });
    note('clew', await drain(stage, receiver, world, [PATH], JOBS));
    for (const settings of best) note(nameOf(settings), await rival(settings, JOBS));
  }
  return finding(rates, tried, body);
}

/** A body as the service sends it, which the rivals send too. */
async function sampleOf(stage: Stage, receiver: Receiver, world: World): Promise<string> {
  await receiver.sample();
  await writeBacklog(stage, world.url, { run: 'sample', events: 100, firstPhone: 0, ageSeconds: 60 });
  await drain(stage, receiver, world, [PATH], 100);
  return receiver.sample();
}

async function drainRival(
  stage: Stage,
  receiver: Receiver,
  world: World,
  settings: RivalSettings,
  body: string,
  jobs: number,
): Promise<Rate> {
  const name = `rival_${settings.rival.replace(/\W/g, '_')}`;
  await stage.query(world.url, `drop database if exists ${name} with (force)`);
  await stage.query(world.url, `create database ${name}`);
  const url = new URL(world.url);
  url.pathname = `/${name}`;
  const plain = url.href;
  if (settings.commits === 'relaxed') url.searchParams.set('options', '-c synchronous_commit=off');
  const child = forkBench('delivery-rival.ts', {
    DATABASE_URL: url.href,
    CONNECTIONS: String(CONNECTIONS),
    TARGET: `${receiver.url}${PATH}`,
    SETTINGS: JSON.stringify(settings),
  });
  const { ask } = asker<RivalQuestion>(child);
  try {
    await receiver.forget();
    await ask({ kind: 'fill', jobs, body });
    await stage.query(plain, 'vacuum analyze');
    await stage.query(plain, 'checkpoint');
    await ask({ kind: 'start' });
    const postmaster = await postmasterOf(stage, world.url);
    const spent = () => spentBy({ clew: child.pid ?? 0, receiver: receiver.pid }, postmaster);
    const cold = Math.round(jobs / 10);
    const began = await receiver.reached([PATH], cold);
    const before = await spent();
    const ended = await receiver.reached([PATH], jobs);
    const cpu = perDelivery(before, await spent(), jobs - cold);
    return { perSecond: ((jobs - cold) * 1000) / (ended - began), cpu };
  } finally {
    await ask({ kind: 'stop' });
    child.disconnect();
  }
}

function nameOf(settings: RivalSettings): string {
  const { rival, commits } = settings;
  const how =
    settings.rival === 'pg-boss'
      ? `${settings.loops} loops that fetch and complete ${settings.batch}`
      : `${settings.concurrency} jobs at once, local queue ${settings.localQueue}, completions batched for ${settings.batchDelay} ms`;
  return `${rival} (${how}${commits === 'relaxed' ? ', synchronous_commit off' : ''})`;
}

function finding(
  rates: ReadonlyMap<string, readonly Rate[]>,
  tried: readonly { readonly settings: RivalSettings; readonly perSecond: number }[],
  body: string,
): Finding {
  const middle = [...rates].map(([name, all]) => ({
    name,
    perSecond: median(all.map(({ perSecond }) => perSecond)),
    cpu: (process: string) => median(all.map(({ cpu }) => cpu[process] ?? 0)),
  }));
  const ours = middle.find(({ name }) => name === 'clew')?.perSecond ?? 0;
  const others = middle.filter(({ name }) => name !== 'clew');
  const ratio = ours / Math.max(...others.map(({ perSecond }) => perSecond));
  return {
    ratios: [`draining, clew ÷ the better rival: ${ratio.toFixed(2)} (aim ≥ ${AIM})`],
    lines: [
      `${whole(JOBS)} jobs of ${whole(Buffer.byteLength(body))} bytes over ${CONNECTIONS} connections, median of ${ROUNDS} rounds in turn, from the tenth part on`,
      'The rivals keep no order per lead, sign nothing, render nothing, and keep no body as it was sent and no attempt; clew does.',
      ...table(
        ['', 'deliveries/s', 'sender µs CPU', 'Postgres µs CPU', 'receiver µs CPU'],
        middle.map(({ name, perSecond, cpu }) => [
          name,
          whole(perSecond),
          ...['clew', 'postgres', 'receiver'].map((process) => whole(cpu(process))),
        ]),
      ),
      `tried with ${whole(TRIED_WITH)}: ${tried.map(({ settings, perSecond }) => `${nameOf(settings)} ${whole(perSecond)}/s`).join('; ')}`,
    ],
    figures: { rates: Object.fromEntries(rates), tried, ratio },
  };
}

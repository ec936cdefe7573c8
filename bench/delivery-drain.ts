import { writeBacklog } from './delivery-backlog.ts';
import { createWorld, startSender, type World } from './delivery-clew.ts';
import { perDelivery, postmasterOf, type Spent, spentBy } from './delivery-cpu.ts';
import { type Finding, table, whole } from './delivery-numbers.ts';
import type { Receiver } from './delivery-receiving.ts';
import { countStatements, statementsEach, statementsLine, statementsOf } from './delivery-statements.ts';
import type { Stage } from './stage.ts';

const PENDING = Number(process.env['BENCH_PENDING'] ?? 100_000);
export const CONNECTIONS = 64;

/** How a backlog was drained. Until a tenth was through nothing is measured: code and connections are cold. */
export interface Drained {
  readonly deliveries: number;
  readonly perSecond: number;
  readonly cpu: Spent; // microseconds a delivery
  readonly statements: number; // a delivery
  readonly statementsLine: string;
  readonly repeated: number;
}

/** Measures how fast a backlog goes out, to one fast receiver and to ten. */
export async function benchDrain(stage: Stage, receiver: Receiver): Promise<Finding> {
  const results: Record<string, Drained> = {};
  for (const count of [1, 10]) {
    const paths = Array.from({ length: count }, (_, index) => `/fast/${index}`);
    const world = await createWorld(stage, `drain_${count}`, urlsOf(receiver, paths), { concurrency: CONNECTIONS });
    await writeBacklog(stage, world.url, { run: 'd', events: PENDING / count, firstPhone: 0, ageSeconds: 900 });
    const name = count === 1 ? 'one receiver' : `${count} receivers`;
    results[name] = await drain(stage, receiver, world, paths, PENDING);
    process.stderr.write(`drain to ${name}: ${whole(results[name].perSecond)}/s\n`);
  }
  const rows = Object.entries(results);
  return {
    ratios: rows.map(([name, { perSecond }]) => `drain of ${whole(PENDING)} to ${name}: ${whole(perSecond)}/s`),
    lines: [
      ...table(
        ['drain', 'deliveries/s', 'clew µs CPU', 'Postgres µs CPU', 'receiver µs CPU', 'statements', 'repeated'],
        rows.map(([name, { perSecond, cpu, statements, repeated }]) => [
          name,
          whole(perSecond),
          ...['clew', 'postgres', 'receiver'].map((process) => whole(cpu[process] ?? 0)),
          statements.toFixed(3),
          repeated,
        ]),
      ),
      ...rows.map(([name, drained]) => `statements a delivery to ${name}: ${drained.statementsLine}`),
    ],
    figures: results,
  };
}

/** Starts the service over a backlog and measures until it is through. */
export async function drain(
  stage: Stage,
  receiver: Receiver,
  world: World,
  paths: readonly string[],
  deliveries: number,
): Promise<Drained> {
  await receiver.forget();
  await countStatements(stage, world.url);
  const postmaster = await postmasterOf(stage, world.url);
  const clew = await startSender(world.url);
  try {
    const spent = () => spentBy({ clew: clew.pid, receiver: receiver.pid }, postmaster);
    const cold = Math.round(deliveries / 10);
    const began = await receiver.reached(paths, cold);
    const before = await spent();
    const ended = await receiver.reached(paths, deliveries);
    const cpu = perDelivery(before, await spent(), deliveries - cold);
    const statements = await statementsOf(stage, world.url);
    return {
      deliveries,
      perSecond: ((deliveries - cold) * 1000) / (ended - began),
      cpu,
      statements: statementsEach(statements, deliveries),
      statementsLine: statementsLine(statements, deliveries),
      repeated: await receiver.repeated(),
    };
  } finally {
    await clew.stop();
    await assertSettled(stage, world, paths.length);
  }
}

/** The addresses of a receiver's paths. */
export function urlsOf(receiver: Receiver, paths: readonly string[]): readonly string[] {
  return paths.map((path) => `${receiver.url}${path}`);
}

async function assertSettled(stage: Stage, { url, endpoints }: World, drained: number): Promise<void> {
  const ids = endpoints.slice(0, drained).map((id) => `'${id}'`);
  const [row] = await stage.query(
    url,
    `select count(*) as n from delivery_due where endpoint_id in (${ids.join(', ')})`,
  );
  if (Number(row?.['n']) > 0) process.stderr.write(`${row?.['n']} were not settled\n`);
}

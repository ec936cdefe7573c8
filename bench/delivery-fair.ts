import { createServer } from 'node:net';
import { writeBacklog } from './delivery-backlog.ts';
import { addEndpoints, createWorld, startSender } from './delivery-clew.ts';
import { urlsOf } from './delivery-drain.ts';
import { type Finding, median, table, whole } from './delivery-numbers.ts';
import type { Receiver } from './delivery-receiving.ts';
import type { Stage } from './stage.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const EACH = Number(process.env['BENCH_HEALTHY'] ?? 5_000);
const HEALTHY = ['/fast/a', '/fast/b', '/fast/c'];
const AIM = 1.5;

/** A database with three healthy endpoints, or with those and two that are not. */
interface Case {
  readonly name: string;
  readonly url: string;
}

/** Measures how long three healthy endpoints take for their backlog, alone and beside a dead one and one that takes 5 s. */
export async function benchFair(stage: Stage, receiver: Receiver): Promise<Finding> {
  const healthy = urlsOf(receiver, HEALTHY);
  const alone: Case = { name: 'alone', url: (await createWorld(stage, 'fair_alone', healthy, {})).url };
  const bad = [`http://127.0.0.1:${await closedPort()}/dead`, `${receiver.url}/slow`];
  const beside: Case = { name: 'beside', url: (await createWorld(stage, 'fair_beside', bad, {})).url };
  // 10,000 for the bad ones: those that come now, and those of every round.
  await writeBacklog(stage, beside.url, { run: 'bad', events: EACH, firstPhone: 0, ageSeconds: 1_800 });
  await addEndpoints(beside.url, healthy, {});
  const seconds: Record<string, number[]> = { alone: [], beside: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const one of [alone, beside]) {
      const firstPhone = (round + 1) * EACH;
      await writeBacklog(stage, one.url, { run: `r${round}`, events: EACH, firstPhone, ageSeconds: 900 });
      const took = await drainHealthy(receiver, one);
      seconds[one.name]?.push(took);
      process.stderr.write(`healthy endpoints ${one.name}: ${took.toFixed(2)} s\n`);
    }
  }
  const ratio = median(seconds['beside'] ?? []) / median(seconds['alone'] ?? []);
  return {
    ratios: [`healthy endpoints beside bad ones ÷ alone: ${ratio.toFixed(2)} (aim ≤ ${AIM})`],
    lines: [
      `three healthy endpoints with ${whole(EACH)} each, from the first byte to the last one's last; beside: one that refuses`,
      `connections and one that answers after 5 s, with at least ${whole(EACH * 2)} pending each; median of ${ROUNDS} rounds in turn`,
      ...table(
        ['healthy endpoints', 'seconds', 'deliveries/s'],
        Object.entries(seconds).map(([name, values]) => [
          name,
          median(values).toFixed(2),
          whole((EACH * HEALTHY.length) / median(values)),
        ]),
      ),
    ],
    figures: { seconds, ratio },
  };
}

async function drainHealthy(receiver: Receiver, { url }: Case): Promise<number> {
  await receiver.forget();
  const clew = await startSender(url);
  try {
    const began = await receiver.reached(HEALTHY, 1);
    const ended = await receiver.reached(HEALTHY, EACH * HEALTHY.length);
    return (ended - began) / 1000;
  } finally {
    await clew.stop();
  }
}

async function closedPort(): Promise<number> {
  const probe = createServer();
  return new Promise((give) => {
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => give(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

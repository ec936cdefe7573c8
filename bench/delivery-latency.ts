import { setTimeout as delay } from 'node:timers/promises';
import { createWorld, startSender } from './delivery-clew.ts';
import { urlsOf } from './delivery-drain.ts';
import { type Finding, median, share, table, whole } from './delivery-numbers.ts';
import { offerOpen } from './delivery-open-load.ts';
import type { Arrival, Receiver } from './delivery-receiving.ts';
import { countStatements, statementsEach, statementsLine, statementsOf } from './delivery-statements.ts';
import { leadStream } from './leads.ts';
import type { Stage, Subject } from './stage.ts';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 8);
const RATES = [200, 1000] as const;
const SHARES = [0.5, 0.95, 0.99] as const;
const AIM_MS = 50;

/** One round at one rate: milliseconds from the recording of the event and from the lead's intended time to the first byte. */
interface Round {
  readonly fromRecorded: readonly number[]; // p50, p95, p99
  readonly fromIntended: readonly number[];
  readonly delivered: number;
  readonly refused: number;
  readonly statements: number;
  readonly statementsLine: string;
}

/** Measures how long after its commit an event reaches a fast receiver, at two offered rates in turn. */
export async function benchLatency(stage: Stage, receiver: Receiver): Promise<Finding> {
  const { url } = await createWorld(stage, 'latency', urlsOf(receiver, ['/fast/latency']), {});
  const clew = await startSender(url);
  try {
    for (const rate of RATES) await offered(stage, url, clew, receiver, { rate, seconds: 2, slot: 0 });
    const rounds = new Map<number, Round[]>(RATES.map((rate) => [rate, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [index, rate] of RATES.entries()) {
        const slot = 1 + round * RATES.length + index;
        const result = await offered(stage, url, clew, receiver, { rate, seconds: SECONDS, slot });
        rounds.get(rate)?.push(result);
        process.stderr.write(`latency at ${rate}/s: p95 ${result.fromRecorded[1]} ms, ${result.statementsLine}\n`);
      }
    }
    return finding(rounds);
  } finally {
    await clew.stop();
  }
}

async function offered(
  stage: Stage,
  url: string,
  clew: Subject,
  receiver: Receiver,
  { rate, seconds, slot }: { readonly rate: number; readonly seconds: number; readonly slot: number },
): Promise<Round> {
  const stream = leadStream(`r${slot}`, slot * 40_000);
  await receiver.record();
  await countStatements(stage, url);
  const path = '/v1/leads';
  const body = () => JSON.stringify(stream.next());
  const { intended, refused } = await offerOpen({ ...clew, path, perSecond: rate, seconds, body });
  await settled(stage, url);
  const arrivals = await receiver.arrivals();
  const statements = await statementsOf(stage, url);
  const sent = (arrival: Arrival): number => intended[Number(arrival.name.split('-').at(-1)) - 1] ?? Number.NaN;
  const shares = (values: readonly number[]) => SHARES.map((part) => Number(share(values, part).toFixed(1)));
  return {
    fromRecorded: shares(arrivals.map(({ epoch, recorded }) => epoch - recorded)),
    fromIntended: shares(arrivals.map((arrival) => arrival.began - sent(arrival))),
    delivered: arrivals.length,
    refused,
    statements: statementsEach(statements, arrivals.length),
    statementsLine: statementsLine(statements, arrivals.length),
  };
}

async function settled(stage: Stage, url: string): Promise<void> {
  for (;;) {
    const [row] = await stage.query(url, 'select count(*) as n from delivery_due');
    if (Number(row?.['n']) === 0) return;
    await delay(50);
  }
}

function finding(rounds: ReadonlyMap<number, readonly Round[]>): Finding {
  const middle = (rate: number, of: (round: Round) => number): number => median((rounds.get(rate) ?? []).map(of));
  const at = (rate: number, from: 'fromRecorded' | 'fromIntended') =>
    SHARES.map((_, index) => middle(rate, (round) => round[from][index] ?? Number.NaN));
  const rates = [...rounds.keys()];
  return {
    ratios: rates.map((rate) => {
      const p95 = at(rate, 'fromRecorded')[1];
      const statements = middle(rate, (round) => round.statements).toFixed(2);
      const aim = rate === 200 ? ` (aim ≤ ${AIM_MS})` : '';
      return `at ${whole(rate)}/s: p95 from recording to first byte ${p95} ms${aim}, statements a delivered event ${statements} (aim ≤ 2)`;
    }),
    lines: [
      `median of ${ROUNDS} interleaved rounds of ${SECONDS} s, leads at their intended times, 20 % repeats`,
      ...table(
        ['offered, from → first byte at the receiver', 'p50 ms', 'p95 ms', 'p99 ms', 'events', 'refused'],
        rates.flatMap((rate) =>
          (['fromRecorded', 'fromIntended'] as const).map((from) => [
            `${whole(rate)}/s, ${from === 'fromRecorded' ? 'recorded_at' : 'intended time of the lead'}`,
            ...at(rate, from),
            whole(middle(rate, (round) => round.delivered)),
            middle(rate, (round) => round.refused),
          ]),
        ),
      ),
      ...rates.map((rate) => `statements a delivered event at ${rate}/s: ${rounds.get(rate)?.at(-1)?.statementsLine}`),
    ],
    figures: Object.fromEntries(rounds),
  };
}

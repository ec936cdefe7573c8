import { randomBytes } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { describeQueue, readCommitted, readQueued } from './committed.ts';
import { type Arrival, type FailingReceiver, startFailingReceiver } from './failing-receiver.ts';
import type { Kill, Ledger } from './judge.ts';
import { ledgerLeads } from './leads.ts';
import { createMortal, type Mortal } from './mortal.ts';
import { postAll } from './posts.ts';
import { seeded } from './seeded.ts';

/** What is run: so many leads, over processes that die so often. */
export interface LedgerOptions {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly program: readonly string[]; // arguments of Node before `serve` and `work`
  readonly serves: number;
  readonly works: number;
  readonly leads: number;
  readonly kills: number; // at least
  readonly timeoutMs: number; // of the endpoint
  readonly seed: number;
  readonly stop: AbortSignal;
  readonly tell: (line: string) => void;
}

const MOODS = { refused: 0.08, throttled: 0.04, dropped: 0.06, ignored: 0.005, slow: 0.6 };
// Retries come each second; what was under way at several kills has waited for as many leases and is not to be given up for it.
const SCHEDULE = [0, ...Array.from({ length: 24 }, () => 1), ...Array.from({ length: 5 }, () => 60)];
const CONCURRENCY = 48; // of the endpoint
// A life is measured by how long it took to begin: on a busy machine nothing would be done in a second.
const LIFE_LEAST_MS = 1_000;
const LIFE = [0.5, 2] as const; // of the time that its start took
const AT_WORK = 0.8; // of the lives end while something is under way
const AT_WORK_MS = 60; // after a request has come
const AT_WORK_PATIENCE_MS = 3_000;
const STILLBORN = 0.15; // of the lives end before the process runs
const LINES_CLOSE_MS = 100; // after a process is gone the receiver has heard that its connections have ended
const DRAIN_MS = 90_000;
const POLL_MS = 100;

/** Posts leads while everything but the database is killed and the receiver fails, waits for the queue to be empty, and reads all. */
export async function runKillLedger(options: LedgerOptions): Promise<Ledger> {
  const { pool, seed, serves, works, tell } = options;
  const ended = new AbortController();
  const stop = AbortSignal.any([options.stop, ended.signal]);
  setMaxListeners(0, stop); // every lead waits at it
  const adminKey = `clew_${randomBytes(32).toString('base64url')}`;
  const receiver = await startFailingReceiver(seeded(seed), MOODS);
  const deaths: string[] = [];
  const lives: Promise<void>[] = [];
  const mortals = [
    ...Array.from({ length: serves }, (_, n) => mortal('serve', n)),
    ...Array.from({ length: works }, (_, n) => mortal('work', n)),
  ];
  function mortal(command: 'serve' | 'work', n: number): Mortal {
    const { databaseUrl, program } = options;
    const env = envOf(databaseUrl, adminKey);
    return createMortal({ name: `${command} ${n + 1}`, program, command, env, died: (why) => deaths.push(why) });
  }
  try {
    const born = await Promise.all(mortals.map(started));
    const endpoint = await makeEndpoint(mortals, adminKey, receiver.url, options.timeoutMs);
    const kills: Kill[] = [];
    const blamed = new Set<Arrival>();
    let posting = true;
    const goesOn = () => posting || kills.length < options.kills;
    for (const [n, one] of mortals.entries()) {
      const life = { one, startedIn: born[n] ?? 0, receiver, kills, blamed, goesOn, chance: seeded(seed + 100 + n) };
      lives.push(live(life, { ...options, stop }));
    }
    const chance = seeded(seed + 1);
    const posted = postAll({
      bodies: ledgerLeads(options.leads, seeded(seed + 2)),
      adminKey,
      spacingMs: (1.25 * (options.kills / mortals.length) * cycleOf(born)) / options.leads,
      address: () => anyAddress(mortals, chance),
      stop,
    }).finally(() => {
      posting = false;
    });
    const [accepted] = await Promise.all([posted, ...lives]);
    tell(`${accepted.length} accepted, ${kills.length} kills: waiting for the queue`);
    await emptied(pool, stop);
    if (deaths.length > 0) throw new Error(deaths.join('\n'));
    return {
      posted: options.leads,
      accepted,
      committed: await readCommitted(pool, endpoint.id),
      arrivals: receiver.arrivals,
      kills,
      secret: endpoint.secret,
      share: Math.ceil(CONCURRENCY / mortals.length),
    };
  } finally {
    ended.abort();
    const killAll = () => Promise.all(mortals.map((one) => one.kill()));
    await killAll();
    await Promise.allSettled(lives); // one may have been starting its process again
    await killAll();
    receiver.close();
  }
}

function envOf(databaseUrl: string, adminKey: string): Readonly<Record<string, string>> {
  return {
    DATABASE_URL: databaseUrl,
    CLEW_SECRET_KEY: '5e'.repeat(32), // the same for every start over one database
    CLEW_ADMIN_KEY: adminKey,
    CLEW_RATE_LIMIT_PER_MINUTE: '0',
    CLEW_TARGET_HTTP: 'allow',
    CLEW_TARGET_ALLOW: '127.0.0.0/8',
    CLEW_DB_POOL_MAX: '4',
    LOG_LEVEL: 'warn',
  };
}

function anyAddress(mortals: readonly Mortal[], chance: () => number): string | null {
  const open = mortals.map((one) => one.address()).filter((address) => address !== null);
  return open[Math.floor(chance() * open.length)] ?? null;
}

interface Life {
  readonly one: Mortal;
  readonly startedIn: number; // milliseconds
  readonly receiver: FailingReceiver;
  readonly kills: Kill[];
  readonly blamed: Set<Arrival>; // what a kill has already answered for
  readonly goesOn: () => boolean;
  readonly chance: () => number;
}

/** One process's lives: killed after a random while, at times before it runs, and started again until it may stay. */
async function live(life: Life, { pool, stop, tell }: LedgerOptions): Promise<void> {
  const { one, receiver, kills, goesOn, chance } = life;
  const some = (most: number) => delay(most, undefined, { signal: stop });
  for (let { startedIn } = life; ; ) {
    await some(Math.max(LIFE_LEAST_MS, startedIn) * (LIFE[0] + chance() * (LIFE[1] - LIFE[0])));
    if (!goesOn()) return;
    if (chance() < AT_WORK) {
      await Promise.race([receiver.next(), some(AT_WORK_PATIENCE_MS)]);
      await some(chance() * AT_WORK_MS);
    }
    const kill = await killed(life, pool);
    kills.push(kill);
    tell(`${one.name} is killed: ${kill.underWay} under way, ${kill.unsettled.size} sent and not settled`);
    if (chance() < STILLBORN) {
      const born = one.start();
      await some(chance() * startedIn);
      kills.push(await killed(life, pool));
      await born;
    }
    stop.throwIfAborted();
    startedIn = await started(one);
  }
}

/** How long a process lives, with its start, in milliseconds: the mean, of how long each took to start. */
function cycleOf(startedIn: readonly number[]): number {
  const start = startedIn.reduce((sum, one) => sum + one, 0) / startedIn.length;
  return start + Math.max(LIFE_LEAST_MS, start) * ((LIFE[0] + LIFE[1]) / 2);
}

/** Starts it, and answers how many milliseconds that took. */
async function started(one: Mortal): Promise<number> {
  const began = performance.now();
  await one.start();
  return performance.now() - began;
}

/** Kills a process, and finds by its connections, which end with it, what it had sent: some of it is read only after its end. */
async function killed({ one, receiver, blamed }: Life, pool: pg.Pool): Promise<Kill> {
  const answered = new Set(receiver.arrivals.filter((arrival) => arrival.answered()));
  const at = performance.now();
  await one.kill();
  await delay(LINES_CLOSE_MS);
  const ended = receiver.arrivals.filter(({ line }) => line.closedBy === 'peer' && (line.closedAt ?? 0) >= at);
  const its = ended.filter((arrival) => !blamed.has(arrival)); // two may be killed at once
  for (const arrival of its) blamed.add(arrival);
  const taken = its.filter(({ decision }) => decision === 'taken').map(({ id }) => id);
  const underWay = its.filter((arrival) => !answered.has(arrival)).length;
  return { name: one.name, underWay, unsettled: await readQueued(pool, taken) };
}

async function makeEndpoint(
  mortals: readonly Mortal[],
  adminKey: string,
  url: string,
  timeoutMs: number,
): Promise<{ readonly id: string; readonly secret: string }> {
  const body = {
    url,
    description: 'kill ledger',
    events: ['lead.*'],
    concurrency: CONCURRENCY,
    timeout_ms: timeoutMs,
    retry_schedule: SCHEDULE,
    hold: { seconds: 600, attempts: 30 }, // nothing is to be parked: order is kept without exception
  };
  const answer = await fetch(`${anyAddress(mortals, () => 0)}/v1/endpoints`, {
    method: 'POST',
    headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (answer.status !== 201) throw new Error(`the endpoint is refused: ${await answer.text()}`);
  return (await answer.json()) as { readonly id: string; readonly secret: string };
}

async function emptied(pool: pg.Pool, stop: AbortSignal): Promise<void> {
  const until = performance.now() + DRAIN_MS;
  for (;;) {
    const [due] = (await pool.query('select count(*)::integer as n from delivery_due')).rows;
    if (due.n === 0) return;
    if (performance.now() > until) {
      throw new Error(`${due.n} deliveries are left after ${DRAIN_MS / 1000} s:\n${await describeQueue(pool)}`);
    }
    await delay(POLL_MS, undefined, { signal: stop });
  }
}

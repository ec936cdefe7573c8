import { setTimeout as wait } from 'node:timers/promises';
import { fillLeads } from './fill.ts';
import { leadStream } from './leads.ts';
import { offer } from './load.ts';
import { openStores } from './open-stores.ts';
import { openStage, type Stage, startClew } from './stage.ts';

const LEADS = Number(process.env['BENCH_LEADS'] ?? 1_000_000);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const MINUTES_MAX = Number(process.env['BENCH_MINUTES'] ?? 20); // for all that is due; then it ends and tells what is left
const CONNECTIONS = 64;
const STORES = 20;
const ADVISERS = 4; // of each store
const AIM = 0.75;

const MODEL = {
  attributes: [{ name: 'known', field: 'person.name', when: { is: 'exists' }, points: 10 }],
  events: { page_view: { points: 5, group: 'web' } },
  groups: { web: { cap: 100, half_life_days: 7 } },
  bands: { mql: 30, sql: 50, hot: 80, rearm: 5 },
};

// A tenth is idle for 40 days, of a tenth the task is overdue, a tenth has a score that has left its band; the rest is in time.
const WORK = [
  `create temporary table due as select id, customer_id, row_number() over (order by created_at desc) - 1 as n from lead`,
  `update lead l set state = 'assigned', rating = 'medium', store = 'S' || n % ${STORES}, owner = 'S' || n % ${STORES} || 'A' || 1 + n % ${ADVISERS},
     owner_since = recorded_at, task_due_at = now() + interval '1 hour' * case when n % 10 = 1 then -1 else 20 end,
     task_step_at = now() + interval '1 hour' * case when n % 10 = 1 then -1 else 20 end,
     task = jsonb_build_object('id', md5('k' || n)::uuid, 'kind', 'first_contact', 'openedAt', extract(epoch from recorded_at) * 1000,
       'dueAt', floor(extract(epoch from now()) * 1000) + 3600000 * case when n % 10 = 1 then -1 else 20 end, 'rating', 'medium',
       'steps', '[]'::jsonb, 'externalRef', null),
     created_at = created_at - interval '1 day' * case when n % 10 = 0 then 40 else 0 end,
     last_activity_at = last_activity_at - interval '1 day' * case when n % 10 = 0 then 40 else 0 end,
     last_received_at = last_received_at - interval '1 day' * case when n % 10 = 0 then 40 else 0 end
   from due where due.id = l.id`,
  `insert into score_model (name, state, document, actor, created_at, updated_at, activated_at)
     values ('bench', 'active', '${JSON.stringify(MODEL)}', 'bench', now() - interval '90 days', now(), now() - interval '90 days')`,
  `insert into behaviour (subject, source, key, type, occurred_at, received_at)
     select 'customer:' || customer_id, 'bench', k::text, 'page_view', now() - interval '8 days', now() - interval '8 days'
     from due, generate_series(1, 5) k where n % 10 = 2`,
  `insert into score (customer_id, model, total, scored_at, next_at)
     select customer_id, 1, 35, now() - interval '8 days', now() - interval '1 hour' from due where n % 10 = 2`,
  `insert into lead_band (lead_id, customer_id, model, cycle, band, crossed, scored_at)
     select id, customer_id, 1, 1, 'mql', '{mql}', now() - interval '8 days' from due where n % 10 = 2`,
  'drop table due',
];

const LEFT = `select
    (select count(*)::integer from lead where last_activity_at < now() - interval '30 days' and state = 'assigned') as idle,
    (select count(*)::integer from lead where task_step_at <= now()) as steps,
    (select count(*)::integer from score where next_at <= now()) as falling`;

/** Measures the way in at 64 connections over a million open leads, three tenths of which are due, with the sweeps and without. */
export async function benchSweeps(): Promise<void> {
  const stage = await openStage();
  try {
    const url = await stage.database('bench_sweeps');
    await fillLeads(stage, url, LEADS);
    await openStores(stage, url, STORES, ADVISERS);
    await stage.query(url, WORK.join(';\n'));
    await stage.query(url, 'vacuum analyze');
    await stage.query(url, 'checkpoint');
    const began = await left(stage, url);
    const rates: Record<'off' | 'on', number[]> = { off: [], on: [] };
    const swept: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const workers of ['off', 'on'] as const) {
        const before = sum(await left(stage, url));
        const rate = await measure(url, workers, round);
        rates[workers].push(rate);
        if (workers === 'on') swept.push(before - sum(await left(stage, url)));
        process.stderr.write(
          `round ${round + 1}: sweeps ${workers} ${Math.round(rate)}/s, ${JSON.stringify(await left(stage, url))}\n`,
        );
      }
    }
    const seconds = await finish(stage, url);
    await report(stage, { began, ended: await left(stage, url), rates, swept, seconds });
  } finally {
    await stage.close();
  }
}

type Left = Readonly<Record<'idle' | 'steps' | 'falling', number>>;

async function left(stage: Stage, url: string): Promise<Left> {
  const [row] = await stage.query(url, LEFT);
  return row as Left;
}

const sum = ({ idle, steps, falling }: Left): number => idle + steps + falling;

async function measure(url: string, workers: 'on' | 'off', round: number): Promise<number> {
  const clew = await startClew(url, { CLEW_WORKERS: workers });
  try {
    const stream = leadStream(`sweeps-${workers}-${round}`, 200_000 + round * 50_000);
    let sent = 0;
    const body = () => {
      sent += 1;
      return JSON.stringify({ ...stream.next(), store: `S${sent % STORES}` });
    };
    // The sweeps begin within ten seconds of the start.
    const load = await offer({
      ...clew,
      path: '/v1/leads',
      connections: CONNECTIONS,
      seconds: SECONDS,
      warmSeconds: 12,
      body,
    });
    if (load.refused > 0) throw new Error(`${load.refused} answers were no success`);
    return load.perSecond;
  } finally {
    await clew.stop();
  }
}

/** Lets the sweeps alone do what is left; answers how many seconds it took. */
async function finish(stage: Stage, url: string): Promise<number> {
  const began = performance.now();
  const clew = await startClew(url);
  try {
    while (performance.now() - began < MINUTES_MAX * 60_000) {
      const now = await left(stage, url);
      if (sum(now) === 0) break;
      process.stderr.write(`left: ${JSON.stringify(now)}\n`);
      await wait(10_000);
    }
  } finally {
    await clew.stop();
  }
  return (performance.now() - began) / 1000;
}

interface Measured {
  readonly began: Left;
  readonly ended: Left;
  readonly rates: Readonly<Record<'off' | 'on', number[]>>;
  readonly swept: readonly number[];
  readonly seconds: number;
}

async function report(stage: Stage, { began, ended, rates, swept, seconds }: Measured): Promise<void> {
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  const lines = [
    await stage.facts(),
    `${LEADS.toLocaleString('en')} open leads of ${STORES} stores; due: ${JSON.stringify(began)}`,
    `median of ${ROUNDS} interleaved rounds of ${SECONDS} s at ${CONNECTIONS} connections`,
    '',
    `sweeps off: ${Math.round(median(rates.off))} leads/s`,
    `sweeps on: ${Math.round(median(rates.on))} leads/s, while ${Math.round(median(swept) / (SECONDS + 12))}/s were swept`,
    `on ÷ off (aim ≥ ${AIM}): ${(median(rates.on) / median(rates.off)).toFixed(2)}`,
    `what was left then took ${Math.round(seconds)} s alone; due at the end: ${JSON.stringify(ended)}`,
    '',
    JSON.stringify({ began, ended, rates, swept, seconds }),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

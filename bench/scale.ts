import { leadStream } from './leads.ts';
import { offer } from './load.ts';
import { openStage, type Stage, startClew } from './stage.ts';

const LEADS = Number(process.env['BENCH_LEADS'] ?? 1_000_000);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const CONNECTIONS = 64;

// People of the same million phones that the stream draws from, each with a lead, a touch and everything that belongs to it.
const FILL = [
  `create temporary table filled as select n, '+86' || (13000000000 + n::bigint * 7) as phone, md5('c' || n)::uuid as customer,
     md5('l' || n)::uuid as lead, md5('s' || n)::uuid as submission, md5('t' || n)::uuid as touch, md5('i' || n)::uuid as identity,
     md5('e' || n)::uuid as event, now() - n * interval '1 second' as at,
     jsonb_build_object('at', 1780000000000 + n, 'channel', 'douyin', 'touch_id', md5('t' || n), 'received_at', 1780000000000 + n) as origin
   from generate_series(0, ${LEADS} - 1) n`,
  `insert into identity (kind, value, id, customer_id, created_at, seen_at) select 'phone', phone, identity, customer, at, at from filled`,
  `insert into customer (id, profile, first_source, last_source, touch_count, created_at, updated_at, locked_at)
     select customer, '{}', origin, origin, 1, at, at, at from filled`,
  `insert into lead (id, customer_id, scope, phone, state, state_at, cycle_started_at, first_source, last_source, touch_count,
     last_activity_at, last_received_at, event_sequence, created_at, recorded_at, updated_at)
     select lead, customer, 'all', phone, 'new', at, at, origin, origin, 1, at, at, 1, at, at, at from filled`,
  `insert into submission (id, source_id, external_id, decision, rule, policy_version, customer_id, lead_id, touch_id, fields, phone,
     phone_typed, fingerprint, occurred_at, received_at)
     select submission, md5('src')::uuid, 'fill-' || n, 'created', 'created.no_lead_in_scope', 1, customer, lead, touch,
       '{"person": {"name": "客户", "city": "杭州"}, "campaign": {"id": "c1"}}', phone, phone, '1:' || md5('f' || n), at, at from filled`,
  `insert into touch (id, submission_id, customer_id, lead_id, cycle, identity_id, source_id, channel, kind, noise_key, decision,
     first_at, first_submission_id, last_at, last_submission_id, occurred_at, received_at)
     select touch, submission, customer, lead, 1, identity, md5('src')::uuid, 'douyin', 'form', '1:' || md5('f' || n), 'created',
       at, submission, at, submission, at, at from filled`,
  `insert into receipt (source_id, kind, key, submission_id, fingerprints, created_at)
     select md5('src')::uuid, 'external', 'fill-' || n, submission, array['1:' || md5('f' || n)], at from filled`,
  `insert into event (id, type, subject_kind, subject_id, customer_id, lead_id, sequence, occurred_at, recorded_at, actor, submission_id, data)
     select event, 'lead.created', 'lead', lead, customer, lead, 1, at, at, 'fill', submission, '{"decision": "created"}' from filled`,
  'drop table filled',
];

/** Measures the way in at 64 connections on an empty store and over a million leads, interleaved. */
export async function benchScale(): Promise<void> {
  const stage = await openStage();
  try {
    const empty = await stage.database('bench_empty');
    const full = await stage.database('bench_full');
    await fill(stage, full);
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

async function fill(stage: Stage, url: string): Promise<void> {
  const began = performance.now();
  await stage.query(url, FILL.join(';\n'));
  await stage.query(url, 'vacuum analyze');
  await stage.query(url, 'checkpoint');
  process.stderr.write(`filled with ${LEADS} leads in ${Math.round((performance.now() - began) / 1000)} s\n`);
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

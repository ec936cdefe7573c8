import { randomUUID } from 'node:crypto';
import t from 'tap';
import { createSeedSource } from '../../src/flows/seed.ts';
import { rescoreStep } from '../../src/flows/sweep-scores.ts';
import { holdTable } from '../helpers/blocked.ts';
import { MODEL, type Scoring, startScoring } from '../helpers/scoring.ts';

const LEADS = 300;
const CROSSING = 117;
const SIZE = 20;
const NEXT = { ...MODEL, events: { ...MODEL.events, pricing_page: { points: 60, group: 'web' } } };
const phone = (n: number): string => `13800${100_000 + n}`;

/** 300 leads, 117 of which saw the prices once: 8 points by the first version, 60 by the next. */
async function fill(s: Scoring): Promise<{ readonly first: number; readonly next: number }> {
  const first = await s.activate(MODEL);
  const items = Array.from({ length: LEADS }, (_, n) => ({ channel: 'douyin', person: { phone: phone(n) } }));
  await s.post('/v1/leads/batch', { items });
  const events = Array.from({ length: CROSSING }, (_, n) => ({
    id: `p${n}`,
    type: 'pricing_page',
    phone: phone(2 * n),
  }));
  await s.post('/v1/behaviours/batch', { events });
  await s.sweep();
  const { version } = await s.post('/v1/score-models', { name: 'next', document: NEXT });
  await s.post(`/v1/score-models/${version}/shadow`, {});
  return { first, next: version };
}

async function crossings(s: Scoring): Promise<Readonly<Record<string, { told: number; leads: number }>>> {
  const rows = await s.db
    .selectFrom('event')
    .select(({ fn }) => ['type', fn.countAll<number>().as('told'), fn.count<number>('lead_id').distinct().as('leads')])
    .where('type', 'in', ['lead.left_nurture', 'lead.qualified', 'lead.hot'])
    .groupBy('type')
    .execute();
  return Object.fromEntries(rows.map(({ type, told, leads }) => [type, { told, leads }]));
}

function stepper(s: Scoring, moment: string) {
  const deps = { vault: s.vault, seeds: createSeedSource() };
  const step = () => rescoreStep(s.db, deps, Date.parse(moment), SIZE);
  const all = async () => {
    while ((await step()) > 0);
  };
  return { step, all };
}

t.test('scenario 120: of 300 leads 117 cross, and no event or each once is told, however many score', async (t) => {
  const once = { told: CROSSING, leads: CROSSING };
  for (const emit of [false, true]) {
    const s = await startScoring(t);
    const { first, next } = await fill(s);
    t.strictSame(await crossings(s), {});
    s.at('2026-06-01T12:01:00+08:00');
    const body = { expected_active: first, emit };
    t.match(await s.post(`/v1/score-models/${next}/activate`, body), {
      counted_at: '2026-06-01T04:01:00.000Z',
      open_leads: LEADS,
      leads: LEADS,
      upward: CROSSING,
      downward: 0,
      bands: { nurture: LEADS - CROSSING, mql: 0, sql: CROSSING, hot: 0 },
    });
    const { step, all } = stepper(s, '2026-06-01T12:02:00+08:00');
    t.equal(await step(), SIZE); // a worker that is killed between two steps
    const before = await crossings(s);
    // Another is killed within one: its events were written, and go with its transaction.
    const held = await holdTable(s.databaseUrl, 'score', 'exclusive');
    const killed = t.rejects(step());
    await held.terminate(await held.waiting());
    await killed;
    await held.release();
    t.strictSame(await crossings(s), before, 'nothing of it is there');
    await Promise.all([all(), all(), all()]);
    t.match(await s.get(`/v1/score-models/${next}`), { state: 'active', rescoring: false });
    t.strictSame(await crossings(s), emit ? { 'lead.left_nurture': once, 'lead.qualified': once } : {}, `emit=${emit}`);
    s.at('2026-06-01T12:03:00+08:00');
    await Promise.all([s.sweep(), s.sweep()]);
    t.equal((await crossings(s))['lead.qualified']?.told ?? 0, emit ? CROSSING : 0, 'nor later');
    t.equal(
      Number(
        (
          await s.db
            .selectFrom('lead_band')
            .select(({ fn }) => fn.countAll().as('n'))
            .where('band', '=', 'sql')
            .executeTakeFirst()
        )?.n,
      ),
      CROSSING,
    );
  }
});

t.test('while an activation counts, leads come in, models can be held, and nothing else waits', async (t) => {
  const s = await startScoring(t);
  const { version } = await s.post('/v1/score-models', { name: 'first', document: MODEL });
  await s.post('/v1/leads', { channel: 'douyin', person: { phone: phone(1) } });
  const held = await holdTable(s.databaseUrl, 'lead_band', 'access exclusive'); // only the count reads it yet
  const headers = { 'idempotency-key': randomUUID() };
  const path = `/v1/score-models/${version}/activate`;
  const activation = s.post(path, { expected_active: null }, { headers });
  await held.waiting();
  t.match(await s.post('/v1/leads', { channel: 'douyin', person: { phone: phone(2) } }), { decision: 'created' });
  await held.query('begin; lock table score_model in row exclusive mode nowait; rollback');
  const [idle] = await held.query(
    `select count(*)::integer as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
      and state like 'idle in transaction%' and query not like '%lock table lead_band%'`,
  );
  t.equal(idle?.['n'], 0, 'no transaction waits for the count');
  await held.release();
  const answer = await activation;
  t.match(answer, { leads: answer.open_leads, downward: 0, model: { state: 'active' } });
  t.strictSame(await s.post(path, { expected_active: null }, { headers }), answer, 'sent again it is the same answer');
  const other = await s.post('/v1/score-models', { name: 'other', document: MODEL });
  await s.post(`/v1/score-models/${other.version}/activate`, { expected_active: version });
  t.strictSame(
    await s.post(path, { expected_active: null }, { headers }),
    answer,
    'also when another is active by then',
  );
});

t.test('a draft that changes while it is counted does not become active', async (t) => {
  const s = await startScoring(t);
  const { version } = await s.post('/v1/score-models', { name: 'first', document: MODEL });
  await s.post('/v1/leads', { channel: 'douyin', person: { phone: phone(1) } });
  const held = await holdTable(s.databaseUrl, 'lead_band', 'access exclusive');
  const activation = s.call('POST', `/v1/score-models/${version}/activate`, { body: { expected_active: null } });
  await held.waiting();
  const changed = { headers: { 'if-match': '"1"' }, body: { name: 'first', document: NEXT } };
  t.match(await s.call('PUT', `/v1/score-models/${version}`, changed), { status: 200 });
  await held.release();
  t.match(await activation, { status: 409, body: { code: 'state_conflict' } });
  t.match(await s.get(`/v1/score-models/${version}`), { state: 'draft', revision: 2 });
});

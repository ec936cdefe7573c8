import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import t, { type Test } from 'tap';
import { startClew } from './helpers/clew.ts';
import { testDatabase } from './helpers/database.ts';
import { readCommitted } from './helpers/kill-ledger/committed.ts';
import { startFailingReceiver } from './helpers/kill-ledger/failing-receiver.ts';
import { ledgerLeads } from './helpers/kill-ledger/leads.ts';
import { seeded } from './helpers/kill-ledger/seeded.ts';
import { tooEarly } from './helpers/kill-ledger/too-early.ts';
import { startReceiver } from './helpers/receiver.ts';

const KEY = `clew_${randomBytes(32).toString('base64url')}`;
const CAPS = [8, 5, 3];
const LEADS = 667; // 2,001 deliveries over three endpoints
const MOODS = { refused: 0.04, throttled: 0.02, dropped: 0.04, ignored: 0, slow: 0.1 };
const USUAL = {
  description: 'crm',
  events: ['lead.*'],
  retry_schedule: [0, ...Array.from({ length: 29 }, () => 1)],
  hold: { seconds: 600, attempts: 30 }, // nothing is parked
};

t.setTimeout(240_000);
t.test('two workers over one backlog', async (t) => {
  const { url, pool } = await testDatabase(t);
  const env = {
    DATABASE_URL: url,
    CLEW_SECRET_KEY: '5e'.repeat(32),
    CLEW_ADMIN_KEY: KEY,
    PORT: '0',
    CLEW_TARGET_HTTP: 'allow',
    CLEW_TARGET_ALLOW: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
  };
  const serve = startClew(t, ['serve'], { ...env, CLEW_WORKERS: 'off' });
  const [, address = ''] = await serve.said('stderr', /takes leads at (http:\S+)/);
  const post = async (path: string, body: object = {}) => {
    const answer = await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status > 201) throw new Error(`${path}: ${answer.status} ${text}`);
    return JSON.parse(text);
  };

  const endpoints: Awaited<ReturnType<typeof pausedEndpoint>>[] = [];
  for (const [n, cap] of CAPS.entries()) endpoints.push(await pausedEndpoint(t, post, cap, n));
  for (const items of halves(ledgerLeads(LEADS, seeded(3)))) await post('/v1/leads/batch', { items });
  const workers = [startClew(t, ['work'], env), startClew(t, ['work'], env)] as const;
  await until(() => bothHaveHeard(pool));
  for (const { id } of endpoints) await post(`/v1/endpoints/${id}/resume`);
  await until(async () => (await count(pool, 'select count(*)::integer as n from delivery_due')) === 0);

  await t.test('everything is delivered, once, in order, within the caps over both', async (t) => {
    for (const { id, cap, receiver } of endpoints) {
      const { arrivals } = receiver;
      const { events } = await readCommitted(pool, id);
      const posted = events.filter(({ type }) => type !== 'lead.rating_changed');
      t.equal(posted.length, LEADS, 'an event for every lead that was posted');
      t.ok(
        events.every(({ state, deliveries }) => state === 'delivered' && deliveries === 1),
        'each has one delivery, and it is done',
      );
      const taken = arrivals.filter(({ decision }) => decision === 'taken').map((arrival) => arrival.id);
      t.strictSame([...taken].sort(), events.map((event) => event.id).sort(), 'each once');
      t.ok(arrivals.length > taken.length, `${arrivals.length - taken.length} requests failed`);
      t.strictSame(tooEarly(events, arrivals), [], 'none before the one before it of its lead');
      t.ok(
        events.some(({ previousSequence }) => previousSequence !== null),
        'some leads have several',
      );
      t.ok(receiver.most() <= cap, `${receiver.most()} at once, of ${cap}`);
      t.ok(receiver.most() > Math.ceil(cap / 2), `${receiver.most()} at once: more than one of them may`);
    }
    const attempts = await count(pool, 'select count(*)::integer as n from attempt');
    t.equal(
      attempts,
      endpoints.map(({ receiver }) => receiver.arrivals.length).reduce((sum, n) => sum + n),
      'none unseen',
    );
  });

  await t.test(
    'what a killed worker was sending comes back within 30 s, and not before its lease has ended',
    async (t) => {
      const receiver = await startReceiver(t);
      receiver.answer(() => undefined); // both workers hold a request now, since each has one of two places
      const over = { url: receiver.url, concurrency: 2, timeout_ms: 2_000 };
      const { id } = await post('/v1/endpoints', { ...USUAL, ...over });
      const items = [1, 2].map((n) => ({ channel: 'douyin', person: { phone: `1390000000${n}` } }));
      await post('/v1/leads/batch', { items });
      await receiver.until(2);
      const killedAt = performance.now();
      workers[0].child.kill('SIGKILL');
      receiver.answer(200);
      await receiver.until(4);
      const seconds = (performance.now() - killedAt) / 1000;
      t.ok(seconds < 30, `${seconds.toFixed(1)} s`);
      t.ok(seconds > 8, `${seconds.toFixed(1)} s: its lease is 12 s from the claim`);
      const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
      t.equal(new Set(ids).size, 2, 'under the same ids');
      const texts = receiver.received.map(({ text }) => text);
      t.equal(new Set(texts).size, 2, 'the same bytes');
      await until(async () => (await count(pool, 'select count(*)::integer as n from delivery_due', id)) === 0);
      const told = await pool.query('select number, result from attempt where endpoint_id = $1', [id]);
      const results = told.rows.map(({ number, result }) => `${number} ${result}`).sort();
      t.strictSame(
        results,
        ['1 timeout', '2 delivered', '2 delivered'],
        'the first of the killed one was never settled',
      );
    },
  );
});

async function pausedEndpoint(
  t: Test,
  post: (path: string, body?: object) => Promise<{ readonly id: string }>,
  cap: number,
  seed: number,
) {
  const receiver = await startFailingReceiver(seeded(seed), MOODS);
  t.teardown(receiver.close);
  const { id } = await post('/v1/endpoints', { ...USUAL, url: receiver.url, concurrency: cap });
  await post(`/v1/endpoints/${id}/pause`);
  return { id, cap, receiver };
}

/** Whether each of two workers has been seen again since the later one began: then each knows its share. */
async function bothHaveHeard(pool: pg.Pool): Promise<boolean> {
  const text = `select count(*)::integer as n from delivery_worker
    where (select count(*) from delivery_worker) = 2 and seen_at > (select max(started_at) from delivery_worker)`;
  return (await count(pool, text)) === 2;
}

/** What a query counts as `n`; of one endpoint where that is given. */
async function count(pool: pg.Pool, text: string, endpointId?: string): Promise<number> {
  const asked =
    endpointId === undefined ? pool.query(text) : pool.query(`${text} where endpoint_id = $1`, [endpointId]);
  return (await asked).rows[0].n;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await delay(50);
}

function halves<T>(items: readonly T[]): readonly (readonly T[])[] {
  return [items.slice(0, items.length >> 1), items.slice(items.length >> 1)];
}

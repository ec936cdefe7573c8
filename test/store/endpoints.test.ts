import { sql } from 'kysely';
import t from 'tap';
import { DEFAULT_ENDPOINT_SETTINGS } from '../../src/domain/endpoint.ts';
import { createDb, type Db } from '../../src/store/database.ts';
import { forgetBodies } from '../../src/store/endpoint-bodies.ts';
import { PENDING_COUNTED, readEndpointFacts, resetHealth } from '../../src/store/endpoint-facts.ts';
import {
  changeEndpoint,
  findEndpoint,
  findSendingRow,
  insertEndpoint,
  listEndpoints,
  lockEndpoint,
  type NewEndpoint,
  PRESENT_ENDPOINTS,
  readSendingRows,
} from '../../src/store/endpoints.ts';
import { testDatabase } from '../helpers/database.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const ID = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const EVERY_ONE = { channels: null, stores: null, sources: null, ratings: null };

function endpoint(n: number, more: Partial<NewEndpoint> = {}): NewEndpoint {
  return {
    id: ID(n),
    description: `endpoint ${n}`,
    url: 'https://crm.example.com/in?token=t',
    events: ['lead.*', 'deal.recorded'],
    filter: EVERY_ONE,
    ordered: true,
    settings: {},
    secrets: 'sealed secrets',
    headers: null,
    at: NOW + n,
    ...more,
  };
}

async function open(t: Parameters<typeof testDatabase>[0]): Promise<Db> {
  return createDb((await testDatabase(t)).pool);
}

const change = (db: Db, n: number, to: Parameters<typeof changeEndpoint>[2], at = NOW + 100) =>
  db.transaction().execute((tx) => changeEndpoint(tx, ID(n), to, at));

t.test('an endpoint is written and read as it is, its defaults at reading', async (t) => {
  const db = await open(t);
  const filter = { channels: ['douyin', 'xhs'], stores: ['S1'], sources: [ID(9)], ratings: ['high'] };
  const settings = { rate_limit: 2.5, hold: { seconds: 5, attempts: 1 }, timeout_ms: null };
  const made = await insertEndpoint(db, endpoint(1, { filter, settings, ordered: false }));
  t.strictSame(made, {
    id: ID(1),
    description: 'endpoint 1',
    url: 'https://crm.example.com/in?token=t',
    state: 'active',
    pausedReason: null,
    events: ['lead.*', 'deal.recorded'],
    filter,
    ordered: false,
    settings: { ...DEFAULT_ENDPOINT_SETTINGS, rate_limit: 2.5, hold: { seconds: 5, attempts: 1 } },
    version: 1,
    createdAt: NOW + 1,
    updatedAt: NOW + 1,
  });
  t.strictSame(await findEndpoint(db, ID(1)), made);
  t.equal(await findEndpoint(db, ID(2)), null);
  const row = await db.selectFrom('endpoint').selectAll().executeTakeFirstOrThrow();
  t.strictSame(row.patterns, ['lead.%', 'deal.recorded']);
  t.strictSame(row.settings, { rate_limit: 2.5, hold: { seconds: 5, attempts: 1 } }, 'only what was given is stored');
});

t.test('a pattern for LIKE takes an underscore as it is', async (t) => {
  const db = await open(t);
  await insertEndpoint(db, endpoint(1, { events: ['lead.state_changed', '*'] }));
  const { patterns } = await db.selectFrom('endpoint').select('patterns').executeTakeFirstOrThrow();
  t.strictSame(patterns, ['lead.state\\_changed', '%']);
});

t.test('a change merges settings one by one, replaces a filter whole, and counts the version up', async (t) => {
  const db = await open(t);
  const filter = { ...EVERY_ONE, stores: ['S1'] };
  await insertEndpoint(db, endpoint(1, { filter, settings: { rate_limit: 2, concurrency: 4 } }));
  const changed = await change(db, 1, {
    events: ['lead.created'],
    settings: { concurrency: null, recipient: 'them', hold: { seconds: 1, attempts: 1 } },
  });
  t.match(changed, { events: ['lead.created'], filter, version: 2, createdAt: NOW + 1, updatedAt: NOW + 100 });
  t.match(changed.settings, { rate_limit: 2, recipient: 'them', concurrency: DEFAULT_ENDPOINT_SETTINGS.concurrency });
  const { settings, patterns } = await db.selectFrom('endpoint').selectAll().executeTakeFirstOrThrow();
  t.strictSame(settings, { rate_limit: 2, recipient: 'them', hold: { seconds: 1, attempts: 1 } });
  t.strictSame(patterns, ['lead.created']);
  const again = await change(db, 1, {
    filter: { ...EVERY_ONE, channels: ['xhs'] },
    pausedReason: 'gone',
    state: 'paused',
  });
  t.strictSame(again.filter, { ...EVERY_ONE, channels: ['xhs'] });
  t.match(again, { state: 'paused', pausedReason: 'gone', version: 3, settings: { rate_limit: 2 } });
});

t.test('what is sealed comes to those who send, and deleted endpoints to nobody who does not ask', async (t) => {
  const db = await open(t);
  for (const n of [3, 1, 2]) await insertEndpoint(db, endpoint(n, { headers: n === 2 ? 'sealed headers' : null }));
  await change(db, 1, { state: 'paused', pausedReason: 'operator' });
  await change(db, 3, { state: 'deleted', secrets: '', headers: null });
  const ids = (rows: readonly { readonly endpoint: { readonly id: string } }[]) => rows.map((row) => row.endpoint.id);
  t.strictSame(await readSendingRows(db), [
    { endpoint: await findEndpoint(db, ID(2)), secrets: 'sealed secrets', headers: 'sealed headers' },
  ]);
  t.strictSame(ids(await listEndpoints(db, PRESENT_ENDPOINTS)), [ID(1), ID(2)]);
  t.strictSame(ids(await listEndpoints(db, { states: ['deleted'] })), [ID(3)]);
  t.match(await findSendingRow(db, ID(3)), { endpoint: { state: 'deleted' }, secrets: '', headers: null });
  await db.transaction().execute(async (tx) => {
    t.match(await lockEndpoint(tx, ID(2)), { secrets: 'sealed secrets', headers: 'sealed headers' });
    t.equal(await lockEndpoint(tx, ID(7)), null);
    const busy = db.selectFrom('endpoint').select('id').where('id', '=', ID(2)).forUpdate().noWait().execute();
    await t.rejects(busy, { code: '55P03' }, 'it is locked until the transaction ends');
  });
});

/** Deliveries that wait for an endpoint, the first one recorded and due a second after NOW, each a second after the other. */
async function wait(db: Db, n: number, count: number): Promise<void> {
  await sql`insert into delivery_due (endpoint_id, stream, sequence, delivery_id, created_at, event_id, due_at, blocking)
    select ${ID(n)}::uuid, gen_random_uuid(), 1, gen_random_uuid(), ${new Date(NOW)}::timestamptz + i * interval '1 second', gen_random_uuid(),
      ${new Date(NOW)}::timestamptz + i * interval '1 second', true from generate_series(1, ${count}::integer) i`.execute(
    db,
  );
}

t.test('facts say how an endpoint does and what waits, counted to a bound', async (t) => {
  const db = await open(t);
  await wait(db, 1, 3);
  await wait(db, 2, PENDING_COUNTED);
  await wait(db, 3, PENDING_COUNTED + 1);
  const health = {
    failing_since: new Date(NOW),
    last_success_at: new Date(NOW - 5),
    last_failure_at: new Date(NOW + 5),
  };
  const open_ = { breaker: 'open', breaker_until: new Date(NOW + 9), updated_at: new Date(NOW) } as const;
  await db
    .insertInto('endpoint_health')
    .values({ endpoint_id: ID(1), ...health, ...open_ })
    .execute();
  const facts = await readEndpointFacts(db, [ID(1), ID(2), ID(3), ID(4)]);
  t.strictSame(facts.get(ID(1)), {
    failingSince: NOW,
    lastSuccessAt: NOW - 5,
    lastFailureAt: NOW + 5,
    breaker: 'open',
    breakerUntil: NOW + 9,
    pending: 3,
    pendingMore: false,
    oldestPendingAt: NOW + 1000,
  });
  t.match(facts.get(ID(2)), { pending: PENDING_COUNTED, pendingMore: false, breaker: 'closed', failingSince: null });
  t.match(facts.get(ID(3)), { pending: PENDING_COUNTED, pendingMore: true, oldestPendingAt: NOW + 1000 });
  t.match(facts.get(ID(4)), { pending: 0, pendingMore: false, oldestPendingAt: null });
  t.equal((await readEndpointFacts(db, [])).size, 0);
  await db.transaction().execute((tx) => resetHealth(tx, ID(1), NOW + 50));
  await db.transaction().execute((tx) => resetHealth(tx, ID(2), NOW + 50));
  const after = await readEndpointFacts(db, [ID(1), ID(2)]);
  t.match(after.get(ID(1)), { failingSince: null, breaker: 'closed', breakerUntil: null, lastFailureAt: NOW + 5 });
  t.match(after.get(ID(2)), { failingSince: null, breaker: 'closed', lastSuccessAt: null });
});

t.test('kept bodies of what may still be sent are forgotten, those of what was delivered stay', async (t) => {
  const db = await open(t);
  const at = new Date(NOW);
  const body = (n: number) => ({
    delivery_id: ID(n),
    created_at: at,
    content_type: 'a/b',
    body: Buffer.of(1),
    sealed: false,
  });
  await db.insertInto('delivery_body').values([1, 2, 3, 4].map(body)).execute();
  const due = { stream: ID(8), created_at: at, event_id: ID(9), due_at: at, blocking: true, first_attempt_at: at };
  await db
    .insertInto('delivery_due')
    .values([
      { ...due, endpoint_id: ID(50), delivery_id: ID(1), sequence: 1, claims: 1 },
      { ...due, endpoint_id: ID(51), delivery_id: ID(4), sequence: 1, claims: 1 },
    ])
    .execute();
  const settled = { created_at: at, endpoint_id: ID(50), event_id: ID(9), event_type: 'lead.created', settled_at: at };
  await db
    .insertInto('delivery')
    .values([
      { ...settled, id: ID(2), state: 'dead', failed_at: at },
      { ...settled, id: ID(3), state: 'delivered' },
    ])
    .execute();
  t.equal(await db.transaction().execute((tx) => forgetBodies(tx, ID(50))), 2);
  const left = await db.selectFrom('delivery_body').select('delivery_id').orderBy('delivery_id').execute();
  t.strictSame(
    left.map((row) => row.delivery_id),
    [ID(3), ID(4)],
  );
});

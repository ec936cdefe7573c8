import { Kysely, type LogEvent, PostgresDialect, sql } from 'kysely';
import t, { type Test } from 'tap';
import type { DeliveryState } from '../../src/domain/delivery.ts';
import { createDb, type Db, type Tables } from '../../src/store/database.ts';
import { deliveryIdSql } from '../../src/store/delivery-id.ts';
import {
  type DeliveryFilter,
  type DeliveryPlace,
  deliveryOrder,
  findDelivery,
  listDeliveries,
} from '../../src/store/delivery-list.ts';
import { listAttempts, nextAttemptAt, readDeliveryBody } from '../../src/store/delivery-read.ts';
import { ensurePartitions } from '../../src/store/partitions.ts';
import { testDatabase } from '../helpers/database.ts';
import {
  anEndpoint,
  anEvent,
  deliveryIdOf,
  id,
  keepBody,
  settleAs,
  tellAll,
  writeLead,
} from '../helpers/deliveries.ts';
import { testVault } from '../helpers/vault.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const STATES: readonly DeliveryState[] = ['pending', 'parked', 'delivered', 'dead', 'withheld', 'cancelled'];

/** Every delivery of a filter, page by page of two. */
async function pages(db: Db, filter: DeliveryFilter): Promise<readonly string[]> {
  const found: string[] = [];
  for (let after: DeliveryPlace | null = null; ; ) {
    const page = await listDeliveries(db, filter, { after, limit: 2 });
    found.push(...page.map((delivery) => delivery.id));
    const last = page.at(-1);
    if (last === undefined) return found;
    const byFailure = deliveryOrder(filter) === 'failed';
    after = { at: byFailure ? (last.settledAt ?? 0) : last.createdAt, id: last.id };
  }
}

/** Two endpoints, two leads of one person and a third person; every delivery has come to another state. */
async function stand(t: Test) {
  const db = createDb((await testDatabase(t)).pool);
  await ensurePartitions(db, Date.UTC(2026, 4, 1));
  const endpoints = [await anEndpoint(db), await anEndpoint(db)] as const;
  const [person, stranger] = [id(NOON), id(NOON)];
  const [leadA, leadB, leadC] = [id(NOON), id(NOON), id(NOON)];
  for (const [lead, customer] of [
    [leadA, person],
    [leadB, person],
    [leadC, stranger],
  ] as const) {
    await writeLead(db, lead, customer);
  }
  const told = Array.from({ length: 12 }, (_, i) => {
    const at = NOON - 20 * 86_400_000 * (i % 3) + i;
    const leadId = [leadA, leadB, leadC, null][i % 4] ?? null;
    const customerId = leadId === leadC ? stranger : person;
    return { at, event: anEvent({ at, leadId, customerId, sequence: leadId === null ? null : i + 1 }) };
  });
  const rows: {
    id: string;
    at: number;
    failedAt: number | null;
    endpoint: string;
    event: string;
    lead: string | null;
    customer: string | null;
    state: DeliveryState;
  }[] = [];
  for (const [i, { at, event }] of told.entries()) {
    await tellAll(db, [event], at);
    for (const [p, endpoint] of endpoints.entries()) {
      const deliveryId = await deliveryIdOf(db, event.id, endpoint);
      const state = STATES[(i + p) % STATES.length] as DeliveryState;
      const settledAt = NOON + ((i * 7) % 12) * 1000;
      await settleAs(db, deliveryId, { state, at: settledAt });
      const failedAt = ['dead', 'withheld', 'cancelled'].includes(state) ? settledAt : null;
      const of = { endpoint, event: event.id, lead: event.leadId, customer: event.customerId };
      rows.push({ id: deliveryId, at, failedAt, state, ...of });
    }
  }
  return { db, endpoints, person, leadA, leadC, rows };
}

t.test('whatever is asked for, the pages are those that match, newest first', async (t) => {
  const { db, endpoints, person, leadA, leadC, rows } = await stand(t);
  const event = rows[6]?.event ?? '';
  const asked: readonly DeliveryFilter[] = [
    {},
    { endpointId: endpoints[1] },
    { eventId: event },
    { leadId: leadA },
    { leadId: leadC, endpointId: endpoints[0] },
    { customerId: person },
    { customerId: person, states: ['dead'] },
    { eventId: id() },
    { leadId: id() },
    ...STATES.map((state) => ({ states: [state] })),
    { states: ['pending', 'parked'] },
    { states: ['pending', 'parked'], endpointId: endpoints[0], from: NOON - 30 * 86_400_000 },
    { states: ['dead', 'withheld', 'cancelled'] },
    { states: ['dead', 'withheld'], endpointId: endpoints[0], to: NOON },
    { states: ['dead', 'parked', 'delivered'], endpointId: endpoints[0] },
    { from: NOON - 20 * 86_400_000, to: NOON },
    { customerId: person, from: NOON },
  ];
  for (const filter of asked) {
    const { endpointId, eventId, leadId, customerId, states, from, to } = filter;
    const byFailure = deliveryOrder(filter) === 'failed';
    const expected = rows
      .filter((row) => endpointId === undefined || row.endpoint === endpointId)
      .filter((row) => eventId === undefined || row.event === eventId)
      .filter((row) => leadId === undefined || row.lead === leadId)
      .filter((row) => customerId === undefined || row.customer === customerId)
      .filter((row) => states === undefined || states.includes(row.state))
      .filter((row) => (from === undefined || row.at >= from) && (to === undefined || row.at < to))
      .map((row) => ({ id: row.id, key: byFailure ? (row.failedAt ?? 0) : row.at }))
      .sort((a, b) => b.key - a.key || (a.id < b.id ? 1 : -1))
      .map((row) => row.id);
    t.strictSame(await pages(db, filter), expected, JSON.stringify(filter));
  }
  t.ok(rows.length === 24);
});

t.test('one delivery is found by its id in whatever month, with its next time, attempts and body', async (t) => {
  const { db, rows } = await stand(t);
  const parked = rows.find((row) => row.state === 'parked');
  const deliveryId = parked?.id ?? '';
  await settleAs(db, deliveryId, { state: 'parked', at: NOON, attempts: 5 });
  await keepBody(db, deliveryId, '{"a":1}');
  const delivery = await findDelivery(db, deliveryId);
  if (delivery === null) throw new Error('it is there');
  t.match(delivery, { state: 'parked', eventId: parked?.event, endpointId: parked?.endpoint, createdAt: parked?.at });
  t.equal(await nextAttemptAt(db, delivery), NOON + 3_600_000);
  const numbers = async (before: number | null) =>
    (await listAttempts(db, delivery, { before, limit: 3 })).map(({ number }) => number);
  t.strictSame(
    [await numbers(null), await numbers(3)],
    [
      [5, 4, 3],
      [2, 1],
    ],
  );
  t.equal((await readDeliveryBody(db, testVault(), delivery))?.body.toString(), '{"a":1}');
  t.equal(await findDelivery(db, id()), null);
});

t.test('with 100,000 deliveries no way reads a table through', async (t) => {
  const { pool } = await testDatabase(t);
  const asked: LogEvent[] = [];
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: (event) => void asked.push(event) });
  await ensurePartitions(db, Date.UTC(2026, 4, 1));
  const endpoints: string[] = [];
  for (let i = 0; i < 10; i += 1) endpoints.push(await anEndpoint(db));
  await fill(db);
  const some = await sql<{ event: string; lead: string; customer: string; delivery: string }>`
    select event_id as event, lead_id as lead, customer_id as customer, id as delivery from delivery limit 1`.execute(
    db,
  );
  const { event = '', lead = '', customer = '', delivery = '' } = some.rows[0] ?? {};
  await writeLead(db, lead, customer);
  asked.length = 0;
  const [endpointId = ''] = endpoints;
  const after = { at: Date.UTC(2026, 5, 20), id: id() };
  const filters: readonly DeliveryFilter[] = [
    {},
    { endpointId },
    { eventId: event },
    { leadId: lead },
    { customerId: customer },
    { states: ['dead'] },
    { endpointId, states: ['dead', 'cancelled'] },
    { states: ['pending'] },
    { endpointId, states: ['pending', 'parked'] },
    { endpointId, states: ['delivered'] },
    { from: Date.UTC(2026, 5, 1), to: Date.UTC(2026, 5, 2) },
  ];
  for (const filter of filters) {
    for (const place of [null, after]) await listDeliveries(db, filter, { after: place, limit: 51 });
  }
  t.ok(await findDelivery(db, delivery));
  const statements = asked.filter(({ query }) => /from "?delivery|join "?delivery/.test(query.sql));
  t.ok(statements.length >= filters.length * 2 + 1, `${statements.length} statements`);
  for (const { query } of statements) {
    const { rows } = await pool.query(`explain (format text) ${query.sql}`, [...query.parameters]);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    t.notMatch(plan, /Seq Scan on (?:(?:delivery|event)_\d|delivery_due)/, plan);
  }
});

/** Ten thousand events of three months, each to ten endpoints; of a hundred one is dead and one is still to be sent. */
async function fill(db: Db): Promise<void> {
  await sql`insert into event (id, type, subject_kind, subject_id, customer_id, lead_id, sequence, occurred_at, recorded_at, actor, data)
    select gen_random_uuid(), 'lead.touched', 'lead', l, c, l, 1, at, at, 'key:test', '{}'
    from (select gen_random_uuid() as l, gen_random_uuid() as c, timestamptz '2026-05-01Z' + i * interval '12 minutes' as at
      from generate_series(1, 10000) i) x`.execute(db);
  await sql`insert into delivery (id, created_at, endpoint_id, event_id, event_type, customer_id, lead_id, sequence, state, settled_at, failed_at)
    select ${sql.raw(deliveryIdSql('e.id', 'p.id'))}, e.recorded_at, p.id, e.id, e.type, e.customer_id, e.lead_id, 1,
      case n % 100 when 0 then 'dead' when 1 then 'pending' else 'delivered' end, e.recorded_at,
      case n % 100 when 0 then e.recorded_at end
    from (select *, row_number() over (order by recorded_at) as n from event) e cross join endpoint p`.execute(db);
  await sql`insert into delivery_due (endpoint_id, stream, sequence, delivery_id, created_at, event_id, due_at, blocking)
    select endpoint_id, lead_id, 1, id, created_at, event_id, created_at, true from delivery where state = 'pending'`.execute(
    db,
  );
  for (const table of ['event', 'delivery', 'delivery_due']) await sql`analyze ${sql.table(table)}`.execute(db);
}

import { sql } from 'kysely';
import t from 'tap';
import { createDb, type Db } from '../../src/store/database.ts';
import { listPartitions } from '../../src/store/partitions.ts';
import { partitionsWorker } from '../../src/workers/partitions.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEndpoint, anEvent, deliveryIdOf, keepBody, settleAs, tellAll } from '../helpers/deliveries.ts';

const DAY = 86_400_000;
const FOR_EVER = { rawRetentionDays: null, deliveryRetentionDays: null, eventRetentionDays: null };

async function bodies(db: Db): Promise<number> {
  const row = await db
    .selectFrom('raw_body')
    .select((it) => it.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return row.n;
}

async function insertBody(db: Db, at: number): Promise<void> {
  const row = { content_type: 'text/plain', body: Buffer.from('x'), sealed: false };
  await db
    .insertInto('raw_body')
    .values({ submission_id: crypto.randomUUID(), received_at: new Date(at), ...row })
    .execute();
}

t.test('a year of rounds keeps raw bodies for their days, to the month, and events for ever', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  let now = Date.UTC(2031, 0, 15);
  const worker = partitionsWorker(db, () => now, { ...FOR_EVER, rawRetentionDays: 60 });
  await insertBody(db, now - 61 * DAY); // older than any partition: in the default one
  await insertBody(db, now - 59 * DAY);
  for (let month = 0; month < 12; month += 1) {
    now = Date.UTC(2031, month, 15);
    await worker.round();
    await insertBody(db, now);
  }
  t.strictSame(await listPartitions(db, 'raw_body'), [
    'raw_body_203110',
    'raw_body_203111',
    'raw_body_203112',
    'raw_body_203201',
    'raw_body_203202',
  ]);
  t.equal((await listPartitions(db, 'event')).length, 14);
  t.equal(await bodies(db), 3, 'October, November and December');
  t.equal(await worker.round(), 0);
});

t.test('without a retention nothing is dropped', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  let now = Date.UTC(2031, 0, 15);
  const worker = partitionsWorker(db, () => now, FOR_EVER);
  await insertBody(db, now - 10_000 * DAY);
  t.equal(await worker.round(), 15);
  now += 1000 * DAY;
  t.equal(await worker.round(), 15);
  t.equal(await bodies(db), 1);
});

t.test('events are dropped where a retention is set', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  let now = Date.UTC(2031, 0, 15);
  const worker = partitionsWorker(db, () => now, { ...FOR_EVER, eventRetentionDays: 365 });
  await worker.round();
  now = Date.UTC(2032, 2, 1);
  await worker.round();
  t.strictSame(await listPartitions(db, 'event'), ['event_203103', 'event_203203', 'event_203204', 'event_203205']);
});

/** Whether a delivery is kept, and with it body and attempt. */
async function keptOf(db: Db, deliveryId: string) {
  const { rows } = await sql<{ delivery: boolean; body: boolean; attempt: boolean }>`
    select exists (select from delivery where id = ${deliveryId}) as delivery,
      exists (select from delivery_body where delivery_id = ${deliveryId}) as body,
      exists (select from attempt where delivery_id = ${deliveryId}) as attempt`.execute(db);
  return rows[0];
}

const KEPT = { delivery: true, body: true, attempt: true };
const GONE = { delivery: false, body: false, attempt: false };

t.test(
  'deliveries, bodies and attempts go by age, but for months of which something is still to be sent',
  async (t) => {
    const db = createDb((await testDatabase(t)).pool);
    let now = Date.UTC(2031, 0, 15);
    const retention = { ...FOR_EVER, deliveryRetentionDays: 90, eventRetentionDays: 90 };
    const worker = partitionsWorker(db, () => now, retention);
    const endpoint = await anEndpoint(db);
    const told = async (at: number, state: 'delivered' | 'parked'): Promise<string> => {
      const event = anEvent({ at });
      await tellAll(db, [event], at);
      const deliveryId = await deliveryIdOf(db, event.id, endpoint);
      await keepBody(db, deliveryId, '{}');
      await settleAs(db, deliveryId, { state, at, attempts: 1 });
      return deliveryId;
    };
    // In the default partitions: there was none for so long ago.
    const [older, waiting, between] = [
      await told(now - 300 * DAY, 'delivered'),
      await told(now - 200 * DAY, 'parked'),
      await told(now - 100 * DAY, 'delivered'),
    ];
    await worker.round();
    t.strictSame(await keptOf(db, older), GONE);
    t.strictSame(await keptOf(db, waiting), KEPT);
    t.strictSame(await keptOf(db, between), KEPT, 'newer than what is still to be sent, in the same partition');
    const [january, held, march] = [
      await told(now, 'delivered'),
      await told(now + 31 * DAY, 'parked'),
      await told(now + 60 * DAY, 'delivered'),
    ];
    now = Date.UTC(2031, 6, 1);
    await worker.round();
    t.strictSame(await keptOf(db, january), GONE);
    t.strictSame(await keptOf(db, held), KEPT);
    t.strictSame(await keptOf(db, march), GONE);
    for (const table of ['delivery', 'delivery_body', 'attempt', 'event'] as const) {
      const months = (await listPartitions(db, table)).map((name) => name.slice(table.length + 1));
      t.strictSame(months, ['203102', '203107', '203108', '203109'], table);
    }
    for (const deliveryId of [waiting, held]) await settleAs(db, deliveryId, { state: 'delivered', at: now });
    await worker.round();
    for (const deliveryId of [waiting, between, held]) t.strictSame(await keptOf(db, deliveryId), GONE);
    t.strictSame((await listPartitions(db, 'event')).length, 3);
  },
);

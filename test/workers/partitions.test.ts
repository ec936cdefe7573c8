import t from 'tap';
import { createDb, type Db } from '../../src/store/database.ts';
import { listPartitions } from '../../src/store/partitions.ts';
import { partitionsWorker } from '../../src/workers/partitions.ts';
import { testDatabase } from '../helpers/database.ts';

const DAY = 86_400_000;

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
  const worker = partitionsWorker(db, () => now, { rawRetentionDays: 60, eventRetentionDays: null });
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
  const worker = partitionsWorker(db, () => now, { rawRetentionDays: null, eventRetentionDays: null });
  await insertBody(db, now - 10_000 * DAY);
  t.equal(await worker.round(), 6);
  now += 1000 * DAY;
  t.equal(await worker.round(), 6);
  t.equal(await bodies(db), 1);
});

t.test('events are dropped where a retention is set', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  let now = Date.UTC(2031, 0, 15);
  const worker = partitionsWorker(db, () => now, { rawRetentionDays: null, eventRetentionDays: 365 });
  await worker.round();
  now = Date.UTC(2032, 2, 1);
  await worker.round();
  t.strictSame(await listPartitions(db, 'event'), ['event_203103', 'event_203203', 'event_203204', 'event_203205']);
});

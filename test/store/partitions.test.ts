import { sql } from 'kysely';
import t from 'tap';
import { createDb, type Db } from '../../src/store/database.ts';
import { dropPartitions, ensurePartitions, listPartitions, trimDefaultPartition } from '../../src/store/partitions.ts';
import { testDatabase } from '../helpers/database.ts';

const NOVEMBER = Date.UTC(2031, 10, 21, 9, 30);

async function insertBody(db: Db, at: string): Promise<void> {
  const row = { content_type: 'application/json', body: Buffer.from('{}'), sealed: false };
  await db
    .insertInto('raw_body')
    .values({ submission_id: crypto.randomUUID(), received_at: new Date(at), ...row })
    .execute();
}

async function bodiesByPartition(db: Db): Promise<Record<string, string[]>> {
  const { rows } = await sql<{ partition: string; at: number }>`
    select tableoid::regclass::text as partition, received_at as at from raw_body order by received_at`.execute(db);
  const found: Record<string, string[]> = {};
  for (const { partition, at } of rows) found[partition] = [...(found[partition] ?? []), new Date(at).toISOString()];
  return found;
}

t.test('this month and the next two are made, ten at once, and again for no change', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const made = await Promise.all(Array.from({ length: 10 }, () => ensurePartitions(db, NOVEMBER)));
  const expected = [
    'event_203111',
    'event_203112',
    'event_203201',
    'raw_body_203111',
    'raw_body_203112',
    'raw_body_203201',
  ];
  t.strictSame(made.flat().sort(), expected);
  t.strictSame(await ensurePartitions(db, NOVEMBER), []);
  t.strictSame(await listPartitions(db, 'event'), expected.slice(0, 3));
  t.strictSame(await ensurePartitions(db, Date.UTC(2031, 11, 1)), ['event_203202', 'raw_body_203202']);
});

t.test('a row goes into the month of its time in UTC, the others into the default partition', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  await ensurePartitions(db, NOVEMBER);
  for (const at of [
    '2031-10-31T23:59:59.999Z',
    '2031-11-01T00:00:00Z',
    '2031-11-30T23:59:59.999Z',
    '2031-12-01T00:00:00Z',
  ]) {
    await insertBody(db, at);
  }
  t.strictSame(await bodiesByPartition(db), {
    raw_body_default: ['2031-10-31T23:59:59.999Z'],
    raw_body_203111: ['2031-11-01T00:00:00.000Z', '2031-11-30T23:59:59.999Z'],
    raw_body_203112: ['2031-12-01T00:00:00.000Z'],
  });
});

t.test('rows that came before their partition are moved into it, others stay', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  for (const at of ['2031-11-05T00:00:00Z', '2032-01-31T12:00:00Z', '2032-02-01T00:00:00Z']) await insertBody(db, at);
  await ensurePartitions(db, NOVEMBER);
  t.strictSame(await bodiesByPartition(db), {
    raw_body_203111: ['2031-11-05T00:00:00.000Z'],
    raw_body_203201: ['2032-01-31T12:00:00.000Z'],
    raw_body_default: ['2032-02-01T00:00:00.000Z'],
  });
});

t.test('a partition has the keys and indexes of its parent', async (t) => {
  const { pool } = await testDatabase(t);
  await ensurePartitions(createDb(pool), NOVEMBER);
  const { rows } = await pool.query(
    `select i.indisvalid and i.indisprimary as primary, i.indexrelid::regclass::text as name
     from pg_index i where i.indrelid = 'event_203111'::regclass order by 2`,
  );
  t.equal(rows.length, 2);
  t.strictSame(rows.filter((row) => row.primary).length, 1);
});

t.test(
  'while the table is locked for long, it gives up and leaves the default partition to take the rows',
  async (t) => {
    const { pool } = await testDatabase(t);
    const reader = await pool.connect();
    t.teardown(() => reader.release(true));
    await reader.query('begin');
    await reader.query('select count(*) from raw_body');
    await t.rejects(ensurePartitions(createDb(pool), NOVEMBER), { code: '55P03' });
    await insertBody(createDb(pool), '2031-11-05T00:00:00Z');
    await reader.query('commit');
    t.strictSame(await ensurePartitions(createDb(pool), NOVEMBER), [
      'raw_body_203111',
      'raw_body_203112',
      'raw_body_203201',
    ]);
  },
);

t.test('only months that are wholly older than the limit are dropped', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  await ensurePartitions(db, NOVEMBER);
  for (const at of ['2031-10-01T00:00:00Z', '2031-11-30T00:00:00Z', '2031-12-02T00:00:00Z']) await insertBody(db, at);
  t.strictSame(await dropPartitions(db, 'raw_body', Date.UTC(2031, 10, 30, 23, 59)), []);
  t.strictSame(await dropPartitions(db, 'raw_body', Date.UTC(2031, 11, 1)), ['raw_body_203111']);
  t.strictSame(await listPartitions(db, 'event'), ['event_203111', 'event_203112', 'event_203201']);
  t.strictSame(Object.keys(await bodiesByPartition(db)), ['raw_body_default', 'raw_body_203112']);
});

t.test('the default partition is trimmed by age, as many at a time as asked', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  for (const day of [1, 2, 3, 20]) await insertBody(db, new Date(Date.UTC(2031, 9, day)).toISOString());
  const limit = Date.UTC(2031, 9, 20);
  t.strictSame(
    [await trimDefaultPartition(db, 'raw_body', limit, 2), await trimDefaultPartition(db, 'raw_body', limit, 2)],
    [2, 1],
  );
  t.strictSame(await bodiesByPartition(db), { raw_body_default: ['2031-10-20T00:00:00.000Z'] });
});

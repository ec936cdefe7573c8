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
  const tables = ['attempt', 'delivery', 'delivery_body', 'event', 'raw_body'] as const;
  const expected = tables.flatMap((table) => ['203111', '203112', '203201'].map((month) => `${table}_${month}`));
  t.strictSame(made.flat().sort(), expected.sort());
  t.strictSame(await ensurePartitions(db, NOVEMBER), []);
  t.strictSame(await listPartitions(db, 'event'), ['event_203111', 'event_203112', 'event_203201']);
  t.strictSame(await listPartitions(db, 'delivery'), ['delivery_203111', 'delivery_203112', 'delivery_203201']);
  const december = await ensurePartitions(db, Date.UTC(2031, 11, 1));
  t.strictSame([...december].sort(), tables.map((table) => `${table}_203202`).sort());
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
  t.equal(rows.length, 4);
  t.strictSame(rows.filter((row) => row.primary).length, 1);
  const options = await pool.query(
    `select distinct reloptions from pg_class where relname in ('delivery_default', 'delivery_203111')`,
  );
  t.strictSame(options.rows, [{ reloptions: ['fillfactor=80'] }], 'and room for rows that are rewritten in place');
  const bodies = await pool.query(
    `select distinct reloptions from pg_class where relname in ('delivery_body_default', 'delivery_body_203111')`,
  );
  t.strictSame(bodies.rows, [{ reloptions: ['toast_tuple_target=8160'] }], 'and bodies lie in their rows');
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
    const made = await ensurePartitions(createDb(pool), NOVEMBER);
    t.strictSame(made.slice(0, 3), ['raw_body_203111', 'raw_body_203112', 'raw_body_203201']);
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

t.test('a month that is needed stays, also where it becomes so at the last moment', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  await ensurePartitions(db, NOVEMBER);
  const asked: string[] = [];
  const needed = (answers: readonly boolean[]) => async (_: Db, from: number, to: number) => {
    asked.push(`${new Date(from).toISOString().slice(0, 10)} ${new Date(to).toISOString().slice(0, 10)}`);
    return answers[asked.length - 1] === true;
  };
  const limit = Date.UTC(2031, 11, 1);
  t.strictSame(await dropPartitions(db, 'raw_body', limit, needed([true])), []);
  t.strictSame(asked.splice(0), ['2031-11-01 2031-12-01']);
  t.strictSame(await dropPartitions(db, 'raw_body', limit, needed([false, true])), []);
  t.equal(asked.splice(0).length, 2, 'asked again under the lock');
  t.strictSame(await dropPartitions(db, 'raw_body', limit, needed([])), ['raw_body_203111']);
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

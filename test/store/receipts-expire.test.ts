import { sql } from 'kysely';
import t from 'tap';
import { createDb, type Db } from '../../src/store/database.ts';
import { expireReceipts } from '../../src/store/receipts-expire.ts';
import { testDatabase } from '../helpers/database.ts';

const NOW = Date.UTC(2026, 5, 1);
const SOURCE = '00000000-0000-7000-8000-000000000001';

async function remember(db: Db, key: string, expiresAt: number | null): Promise<void> {
  const at = expiresAt === null ? null : new Date(expiresAt);
  await db
    .insertInto('receipt')
    .values({ source_id: SOURCE, kind: 'request', key, fingerprints: [], created_at: new Date(NOW), expires_at: at })
    .execute();
}

async function keys(db: Db): Promise<string[]> {
  return (await db.selectFrom('receipt').select('key').orderBy('key').execute()).map((row) => row.key);
}

t.test('only what has expired is forgotten', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  await remember(db, 'past', NOW - 1);
  await remember(db, 'now', NOW);
  await remember(db, 'never', null);
  t.equal(await expireReceipts(db, NOW, 10), 1);
  t.strictSame(await keys(db), ['never', 'now']);
});

t.test('a call deletes no more than asked, and two at once share the work', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  for (let n = 0; n < 10; n += 1) await remember(db, `k${n}`, NOW - 1);
  t.equal(await expireReceipts(db, NOW, 4), 4);
  const other = await pool.connect();
  await other.query('begin');
  await other.query(`select from receipt where key = (select min(key) from receipt) for update`);
  const expired = await db.transaction().execute(async (tx) => {
    await sql`set local lock_timeout = 2000`.execute(tx);
    return expireReceipts(tx, NOW, 10);
  });
  t.equal(expired, 5, 'the one that another process holds is left to it');
  await other.query('commit');
  other.release();
  t.equal(await expireReceipts(db, NOW, 10), 1);
});

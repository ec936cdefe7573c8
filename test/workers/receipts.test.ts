import { sql } from 'kysely';
import t from 'tap';
import { createDb } from '../../src/store/database.ts';
import { receiptsWorker } from '../../src/workers/receipts.ts';
import { testDatabase } from '../helpers/database.ts';

t.test('one round forgets all that has expired, in as many batches as it takes', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const now = Date.UTC(2026, 5, 1);
  await sql`insert into receipt (source_id, kind, key, fingerprints, created_at, expires_at)
    select '00000000-0000-7000-8000-000000000001', 'request', n::text, '{}', now(),
      ${new Date(now)}::timestamptz + case when n > 7000 then interval '1 day' else interval '-1 day' end
    from generate_series(1, 7010) n`.execute(db);
  const worker = receiptsWorker(db, () => now);
  t.equal(await worker.round(), 7000);
  t.equal(await worker.round(), 0);
  t.equal((await db.selectFrom('receipt').select('key').execute()).length, 10);
});

import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';

const PROBE_TIMEOUT_MS = 2_000;

/** Writes one row for good, as the way in must be able to; throws what the database throws, after 2 s at the latest. */
export async function probeWrite(db: Db, at: Instant): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`set local statement_timeout = ${sql.lit(PROBE_TIMEOUT_MS)}`.execute(tx);
    await tx
      .insertInto('deployment')
      .values({ key: 'write_probe', value: String(at) })
      .onConflict((it) => it.column('key').doUpdateSet((set) => ({ value: set.ref('excluded.value') })))
      .execute();
  });
}

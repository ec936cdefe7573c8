import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';

/** Forgets up to `limit` idempotency keys that have expired before a moment, and answers how many; external ids never do. */
export async function expireReceipts(db: Db, before: Instant, limit: number): Promise<number> {
  // Rows that another process is deleting are skipped, so that replicas share the work and none waits.
  const deleted = await sql`delete from receipt where (source_id, kind, key) in (
    select source_id, kind, key from receipt where expires_at < ${new Date(before)} limit ${limit} for update skip locked
  )`.execute(db);
  return Number(deleted.numAffectedRows ?? 0n);
}

import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';

/** Uploads that were begun before a moment and have not come to an end: whoever sent them is gone. */
export async function staleUploads(db: Db, before: Instant): Promise<readonly string[]> {
  return idsOf(db, 'uploading', 'created_at', before);
}

/** Dry runs that were through before a moment and that nobody has run. */
export async function stalePreviews(db: Db, before: Instant): Promise<readonly string[]> {
  return idsOf(db, 'previewed', 'finished_at', before);
}

async function idsOf(
  db: Db,
  state: 'uploading' | 'previewed',
  column: 'created_at' | 'finished_at',
  before: Instant,
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('import')
    .select('id')
    .where('state', '=', state)
    .where(sql<boolean>`${sql.ref(column)} < ${new Date(before)}`)
    .execute();
  return rows.map(({ id }) => id);
}

/** Imports that ended between two moments and still have bytes: a piece that was on its way when they were cancelled. */
export async function endedWithBytes(db: Db, from: Instant, to: Instant): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id from import i
    where state in ('completed','failed','cancelled','reverted') and finished_at between ${new Date(from)} and ${new Date(to)}
      and exists (select from import_chunk c where c.import_id = i.id)`.execute(db);
  return rows.map(({ id }) => id);
}

/** Imports that ended before a moment and of whose rows something is still kept; not while they are taken back. */
export async function endedWithRows(db: Db, before: Instant): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`select id from import i
    where state in ('completed','failed','cancelled','reverted') and finished_at < ${new Date(before)}
      and exists (select from import_row r where r.import_id = i.id)`.execute(db);
  return rows.map(({ id }) => id);
}

/** Forgets up to `limit` rows of an import that is not taken back just now, and answers how many. */
export async function deleteRowsOf(db: Db, importId: string, limit: number): Promise<number> {
  const deleted =
    await sql`with ended as (select id from import where id = ${importId}::uuid and state <> 'reverting' for update)
    delete from import_row where (import_id, row) in (
      select r.import_id, r.row from import_row r join ended on r.import_id = ended.id order by r.row limit ${limit})`.execute(
      db,
    );
  return Number(deleted.numAffectedRows ?? 0n);
}

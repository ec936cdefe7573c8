import { sql } from 'kysely';
import type { Db } from './database.ts';

/** Bytes of a file in one row; the last one of a file may have fewer. */
export const CHUNK_BYTES = 256 * 1024;

/** A piece of a file as it is stored. */
export interface StoredChunk {
  readonly seq: number; // from 0
  readonly body: Buffer;
  readonly sealed: boolean;
}

/** Writes a piece of a file that is being uploaded, and answers whether it still is: a cancelled one takes no more. */
export async function insertChunk(db: Db, importId: string, { seq, body, sealed }: StoredChunk): Promise<boolean> {
  const written = await sql`insert into import_chunk (import_id, seq, body, sealed)
    select id, ${seq}::integer, ${body}::bytea, ${sealed}::boolean from import
    where id = ${importId}::uuid and state = 'uploading'`.execute(db);
  return written.numAffectedRows === 1n;
}

/** Pieces of a file from `from` (inclusive) to `to` (exclusive), in order. */
export async function readChunks(db: Db, importId: string, from: number, to: number): Promise<readonly StoredChunk[]> {
  return db
    .selectFrom('import_chunk')
    .select(['seq', 'body', 'sealed'])
    .where('import_id', '=', importId)
    .where('seq', '>=', from)
    .where('seq', '<', to)
    .orderBy('seq')
    .execute();
}

/** Forgets the bytes of a file. */
export async function deleteChunks(db: Db, importId: string): Promise<void> {
  await db.deleteFrom('import_chunk').where('import_id', '=', importId).execute();
}

import type { ImportOptions } from '../domain/import.ts';
import type { Mode } from '../domain/submission.ts';
import type { Db, Tx } from './database.ts';

/** What an upload turned out to be, once its bytes are here. */
export interface UploadedImport {
  readonly sourceId: string;
  readonly dryRun: boolean;
  readonly mode: Mode;
  readonly fileName: string | null;
  readonly stores: readonly string[] | null;
  readonly options: ImportOptions;
  readonly bytes: number;
  readonly digest: string; // SHA-256, 64 hex digits
}

/** Hands an import whose bytes are here to the workers, and answers whether it was still being uploaded. */
export async function admitUpload(tx: Tx, id: string, uploaded: UploadedImport): Promise<boolean> {
  const row = await tx
    .updateTable('import')
    .set((eb) => ({
      state: 'waiting',
      source_id: uploaded.sourceId,
      dry_run: uploaded.dryRun,
      mode: uploaded.mode,
      file_name: uploaded.fileName,
      stores: uploaded.stores === null ? null : [...uploaded.stores],
      options: JSON.stringify(uploaded.options),
      file_bytes: uploaded.bytes,
      file_digest: uploaded.digest,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', id)
    .where('state', '=', 'uploading')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets an upload that came to nothing; one that was cancelled meanwhile stays, without its bytes. */
export async function deleteUpload(db: Db, id: string): Promise<void> {
  // The row first: a piece that is still on its way finds no import and is not written.
  await db.deleteFrom('import').where('id', '=', id).where('state', '=', 'uploading').execute();
  // One that was admitted although its upload was told otherwise, since the answer to the commit was lost, keeps its bytes.
  await db
    .deleteFrom('import_chunk')
    .where('import_id', '=', id)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('import').select('id').where('id', '=', id).where('state', 'not in', ['cancelled', 'failed']),
        ),
      ),
    )
    .execute();
}

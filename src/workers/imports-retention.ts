import type { Instant } from '../domain/instant.ts';
import { newId } from '../flows/new-id.ts';
import { cancelImportIn } from '../flows/switch-import.ts';
import type { Db } from '../store/database.ts';
import { deleteChunks } from '../store/import-chunks.ts';
import { deleteRowsOf, endedWithBytes, endedWithRows, stalePreviews, staleUploads } from '../store/import-retention.ts';
import { deleteUpload } from '../store/import-upload.ts';
import { lockImport } from '../store/imports.ts';
import type { Worker } from './worker.ts';

/** How long what belongs to imports is kept. */
export interface ImportRetention {
  readonly importRetentionDays: number | null; // what became of rows; null: for ever
  readonly uploadSeconds: number; // that a file may take to arrive
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PREVIEW_DAYS = 7; // the file of a dry run, so that it can be run for real
const BATCH = 5_000; // rows deleted at once: well under a second
const BATCHES_MAX = 200; // a round ends, so that a process can stop; the next one goes on

/** Forgets uploads that were cut off, dry runs that nobody has run, and rows past their retention. */
export function importsRetentionWorker(
  db: Db,
  now: () => Instant,
  chance: (bytes: number) => Uint8Array,
  retention: ImportRetention,
): Worker {
  return {
    name: 'imports-retention',
    everyMs: HOUR_MS,
    round: async () => {
      const at = now();
      const cut = await staleUploads(db, at - retention.uploadSeconds * 1000 - HOUR_MS);
      for (const id of cut) await deleteUpload(db, id);
      const previews = await stalePreviews(db, at - PREVIEW_DAYS * DAY_MS);
      for (const id of previews) await cancelPreview(db, at, chance, id);
      const leftovers = await endedWithBytes(db, at - 3 * DAY_MS, at - HOUR_MS);
      for (const id of leftovers) await deleteChunks(db, id);
      return cut.length + previews.length + leftovers.length + (await forgetRows(db, at, retention));
    },
  };
}

async function cancelPreview(db: Db, at: Instant, chance: (bytes: number) => Uint8Array, id: string): Promise<void> {
  const act = { actor: 'service', at, requestId: null, newId: () => newId(at, chance), chance };
  await db.transaction().execute(async (tx) => {
    // Somebody may have run it a moment ago.
    if ((await lockImport(tx, id))?.state === 'previewed') await cancelImportIn(tx, act, id);
  });
}

async function forgetRows(db: Db, at: Instant, { importRetentionDays: days }: ImportRetention): Promise<number> {
  if (days === null) return 0;
  let [total, batches] = [0, 0];
  for (const id of await endedWithRows(db, at - days * DAY_MS)) {
    for (let deleted = BATCH; deleted === BATCH && batches < BATCHES_MAX; batches += 1) {
      deleted = await deleteRowsOf(db, id, BATCH);
      total += deleted;
    }
  }
  return total;
}

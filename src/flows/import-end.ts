import type { Import, ImportFault, ImportState } from '../domain/import.ts';
import type { Instant } from '../domain/instant.ts';
import { LostImport } from '../domain/lost-import.ts';
import type { Db, Tx } from '../store/database.ts';
import { deleteChunks } from '../store/import-chunks.ts';
import { forgetErasedTokens } from '../store/import-erase.ts';
import { deleteImportRows } from '../store/import-rows.ts';
import { changeImport, type HeldImport, holdImport, type ImportChange } from '../store/imports.ts';
import { letWork } from '../store/let-work.ts';
import { sessionOf } from '../store/session.ts';
import type { ImporterDeps } from './import-deps.ts';
import { newId } from './new-id.ts';
import { tellImport } from './tell-import.ts';

/** Moves an import that is held from one of its states to another; throws LostImport where it is not held any more. */
export async function moveImport(
  db: Db,
  held: HeldImport,
  from: readonly ImportState[],
  change: ImportChange,
): Promise<Import> {
  return db.transaction().execute((tx) => move(tx, held, from, change));
}

async function move(tx: Tx, held: HeldImport, from: readonly ImportState[], change: ImportChange): Promise<Import> {
  await holdImport(sessionOf(tx), held, from);
  await changeImport(tx, held.id, change);
  return holdImport(sessionOf(tx), held, [change.state ?? from, from].flat());
}

/** Forgets what became of the rows of a dry run, for it to begin from the first. */
export async function beginAgain(db: Db, held: HeldImport): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { dryRun } = await holdImport(sessionOf(tx), held, ['running']);
    if (!dryRun) throw new LostImport(`import ${held.id} is no dry run any more`);
    await letWork(tx); // millions of rows
    await deleteImportRows(tx, held.id);
    await changeImport(tx, held.id, { rows_done: 0, counts: { classes: {}, decisions: {} }, preview: null });
  });
}

/** Ends an import whose rows are all done; the bytes of a dry run stay, so that it can be run for real. */
export async function completeImport(deps: ImporterDeps, held: HeldImport, { dryRun }: Import): Promise<void> {
  const at = deps.clock();
  const state = dryRun ? 'previewed' : 'completed';
  const ended = await deps.db.transaction().execute(async (tx) => {
    await letWork(tx); // deleting 1 GiB of bytes takes longer than a statement may work
    const moved = await move(tx, held, ['running'], { state, lease_until: null, finished_at: at });
    if (moved.rowsDone !== moved.rowsTotal) throw new Error(`${moved.rowsDone} of ${moved.rowsTotal} rows are done`);
    if (dryRun) return moved;
    await endReal(deps, tx, moved, at);
    return moved;
  });
  report(deps, ended);
}

/** Nothing of the file is needed any more, and the others hear of it. */
async function endReal(deps: ImporterDeps, tx: Tx, ended: Import, at: Instant): Promise<void> {
  await forgetFile(tx, ended.id);
  const act = { actor: 'service', requestId: ended.requestId, at, newId: () => newId(at, deps.chance) };
  await tellImport(sessionOf(tx), act, ended);
}

async function forgetFile(tx: Tx, id: string): Promise<void> {
  await deleteChunks(tx, id);
  await forgetErasedTokens(tx, id);
}

/** Ends an import whose file cannot be taken, or that cannot be worked on. */
export async function failImport(deps: ImporterDeps, held: HeldImport, fault: ImportFault): Promise<void> {
  const at = deps.clock();
  const ended = await deps.db
    .transaction()
    .execute(async (tx) => {
      await letWork(tx);
      const from: readonly ImportState[] = ['waiting', 'checking', 'running', 'reverting'];
      const moved = await move(tx, held, from, {
        state: 'failed',
        fault,
        preview: null,
        lease_until: null,
        finished_at: at,
      });
      if (moved.dryRun) await forgetFile(tx, held.id);
      else await endReal(deps, tx, moved, at);
      return moved;
    })
    .catch((error) => {
      if (error instanceof LostImport) return null; // cancelled meanwhile
      throw error;
    });
  if (ended !== null) report(deps, ended);
}

function report(deps: ImporterDeps, { id, state, rowsDone, fault, createdAt, finishedAt }: Import): void {
  const seconds = Math.round(((finishedAt ?? createdAt) - createdAt) / 1000);
  deps.report({ importId: id, state, rows: rowsDone, code: fault?.code ?? null, seconds });
}

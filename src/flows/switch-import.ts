import { Fault } from '../domain/fault.ts';
import type { Import, ImportState } from '../domain/import.ts';
import type { Tx } from '../store/database.ts';
import { deleteChunks } from '../store/import-chunks.ts';
import { forgetErasedTokens } from '../store/import-erase.ts';
import { deleteImportRows } from '../store/import-rows.ts';
import { changeImport, lockImport } from '../store/imports.ts';
import { letWork } from '../store/let-work.ts';
import { sessionOf } from '../store/session.ts';
import { type Act, auditAct } from './act.ts';
import { tellImport } from './tell-import.ts';

const CANCELLABLE: readonly ImportState[] = ['uploading', 'waiting', 'checking', 'running', 'previewed'];

/** Ends an import: what was done stays, the bytes go. Throws `not_found`, `state_conflict` where it has ended. */
export async function cancelImportIn(tx: Tx, act: Act, id: string): Promise<Import> {
  const found = await lock(tx, id, CANCELLABLE, 'cancelled');
  await letWork(tx);
  await changeImport(tx, id, { state: 'cancelled', preview: null, lease_until: null, finished_at: act.at });
  await deleteChunks(tx, id);
  await forgetErasedTokens(tx, id);
  const cancelled: Import = { ...found, state: 'cancelled', finishedAt: act.at, version: found.version + 1 };
  await auditAct(tx, act, 'import.cancelled', { kind: 'import', id }, { from: found.state, rows_done: found.rowsDone });
  if (!found.dryRun && found.rowsDone > 0) await tellImport(sessionOf(tx), act, cancelled);
  return cancelled;
}

/** Runs for real what a dry run has shown: from the first row on, as if it had never been. Throws `not_found`, `state_conflict`. */
export async function runImportIn(tx: Tx, act: Act, id: string): Promise<Import> {
  const found = await lock(tx, id, ['previewed'], 'run');
  await letWork(tx); // 5,000,000 rows of the dry run take longer to delete than a statement may work
  await deleteImportRows(tx, id);
  const begun = { counts: { classes: {}, decisions: {} }, rows_done: 0, started_at: null, finished_at: null };
  await changeImport(tx, id, { ...begun, state: 'waiting', dry_run: false, preview: null, lease_until: null });
  await auditAct(tx, act, 'import.run', { kind: 'import', id }, { rows_total: found.rowsTotal });
  return {
    ...found,
    state: 'waiting',
    dryRun: false,
    rowsDone: 0,
    counts: begun.counts,
    startedAt: null,
    finishedAt: null,
    version: found.version + 1,
  };
}

async function lock(tx: Tx, id: string, allowed: readonly ImportState[], what: 'cancelled' | 'run'): Promise<Import> {
  const found = await lockImport(tx, id);
  if (found === null) throw new Fault('not_found', null, `There is no import ${id}.`);
  if (allowed.includes(found.state)) return found;
  throw new Fault('state_conflict', null, `An import that is ${found.state} cannot be ${what}.`, {
    state: found.state,
    allowed,
  });
}

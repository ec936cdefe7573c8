import { Fault } from '../domain/fault.ts';
import type { Import, ImportState } from '../domain/import.ts';
import type { Tx } from '../store/database.ts';
import { followedUp, nextRows } from '../store/import-revert.ts';
import { changeImport, lockImport } from '../store/imports.ts';
import { letWork } from '../store/let-work.ts';
import { sessionOf } from '../store/session.ts';
import { type Act, auditAct } from './act.ts';

/** How an import is to be taken back: leads that were worked since refuse it, or `force` takes them back too. */
export interface RevertInput {
  readonly force: boolean;
  readonly reason: string;
}

const REVERTIBLE: readonly ImportState[] = ['completed', 'cancelled', 'failed'];
const NAMED = 20; // leads in a refusal

/**
 * Asks for an import to be taken back; workers do it from here on. Throws Fault `not_found`, `import_followed_up`, and
 * `state_conflict` for a dry run, one that has not ended, and one whose rows are no longer kept.
 */
export async function revertImportIn(tx: Tx, act: Act, id: string, { force, reason }: RevertInput): Promise<Import> {
  const found = await lockImport(tx, id);
  if (found === null) throw new Fault('not_found', null, `There is no import ${id}.`);
  requireRevertible(found);
  await letWork(tx);
  const session = sessionOf(tx);
  if (found.rowsDone > 0 && (await nextRows(session, id, 0, 1)).length === 0) {
    const message = 'What became of its rows is no longer kept, so that it cannot be taken back.';
    throw new Fault('state_conflict', null, message, { state: found.state });
  }
  const leads = force ? [] : await followedUp(session, id, found.createdAt);
  if (leads.length > 0) {
    const message = `${leads.length} leads were worked since the import touched them.`;
    throw new Fault('import_followed_up', null, message, { count: leads.length, leads: leads.slice(0, NAMED) });
  }
  const revert = { row: 0, touches: 0, leads: 0, kept: 0, force, actor: act.actor };
  await changeImport(tx, id, { state: 'reverting', revert, lease_until: null });
  await auditAct(tx, act, 'import.reverting', { kind: 'import', id }, { from: found.state, force }, reason);
  return { ...found, state: 'reverting', revert, version: found.version + 1 };
}

function requireRevertible({ state, dryRun }: Import): void {
  if (dryRun) throw new Fault('state_conflict', null, 'A dry run has written nothing to take back.', { state });
  if (REVERTIBLE.includes(state)) return;
  const message = `An import that is ${state} cannot be taken back.`;
  throw new Fault('state_conflict', null, message, { state, allowed: REVERTIBLE });
}

import { Fault } from '../domain/fault.ts';
import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import { dismissEntry } from '../store/quarantine-close.ts';
import { findEntries, type QuarantineEntry } from '../store/quarantine-list.ts';
import { type Act, auditAct } from './act.ts';

/** Gives up an open entry; dismissing it again changes nothing. Throws `not_found`, `already_released`, `state_conflict`. */
export async function dismissQuarantine(
  tx: Tx,
  vault: Vault,
  act: Act,
  id: string,
  reason: string,
): Promise<QuarantineEntry> {
  const dismissed = await dismissEntry(tx, id, act.actor, act.at);
  const entry = (await findEntries(tx, vault, [id])).get(id);
  if (entry === undefined) throw new Fault('not_found', null, 'There is no such entry.');
  if (dismissed) {
    const detail = { submission_id: entry.submissionId, source_id: entry.sourceId, code: entry.code };
    await auditAct(tx, act, 'quarantine.dismissed', { kind: 'quarantine', id }, detail, reason);
  } else if (entry.state !== 'dismissed') {
    throw resolvedFault(entry);
  }
  return entry;
}

/** Why an entry that is not open cannot be worked on. */
export function resolvedFault({ state, resolvedBy }: Pick<QuarantineEntry, 'state' | 'resolvedBy'>): Fault {
  switch (state) {
    case 'released':
      return new Fault('already_released', null, `Submission ${resolvedBy} has released it.`);
    case 'superseded':
      return new Fault('state_conflict', null, `Submission ${resolvedBy} has taken its place in quarantine.`);
    case 'dismissed':
      return new Fault('state_conflict', null, 'The entry is dismissed.');
    case 'open':
      return new Fault('state_conflict', null, 'The entry is being worked on by somebody else.');
  }
}

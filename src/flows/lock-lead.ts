import { currentLead } from '../domain/absorb.ts';
import { Fault } from '../domain/fault.ts';
import type { Lead } from '../domain/lead.ts';
import type { Tx } from '../store/database.ts';
import { sessionOf } from '../store/session.ts';
import { customerOfRow } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { type LockedPerson, lockPeople } from './lock-people.ts';

const TRIES = 3; // split and unmerge move rows: what was looked up may be somebody else's once the lock is held

/**
 * Locks the person whom a lead, touch or deal belongs to; `pick` finds in the locked person what was asked for, null when it has
 * been moved meanwhile. Throws Fault `not_found`.
 */
export async function lockOwner<T>(
  tx: Tx,
  call: Call,
  kind: 'lead' | 'touch' | 'deal',
  id: string,
  pick: (person: LockedPerson) => Promise<T | null>,
): Promise<{ readonly person: LockedPerson; readonly found: T }> {
  const session = sessionOf(tx);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const customerId = await customerOfRow(session, kind, id);
    if (customerId === null) break;
    const person = (await lockPeople(tx, call.vault, [customerId], call.at)).get(customerId);
    const found = person === undefined ? null : await pick(person);
    if (person !== undefined && found !== null) return { person, found };
  }
  throw new Fault('not_found', null, `There is no such ${kind}.`);
}

/** Locks the person of a lead and answers both; one that was merged away is its survivor. Throws `not_found`, `gone`. */
export async function lockLead(
  tx: Tx,
  call: Call,
  leadId: string,
): Promise<{ readonly person: LockedPerson; readonly lead: Lead }> {
  const { person, found } = await lockOwner(
    tx,
    call,
    'lead',
    leadId,
    async ({ leads }) => currentLead(leads, leadId) ?? null,
  );
  if (found.hidden !== null) throw new Fault('gone', null, 'The lead was erased, or lost all its touches.');
  return { person, lead: found };
}

/** Every lead of a person that was merged into this one, and itself. */
export function withMerged(leads: readonly Lead[], lead: Lead): readonly string[] {
  return leads.filter((other) => currentLead(leads, other.id)?.id === lead.id).map((other) => other.id);
}

import { Fault } from '../domain/fault.ts';
import type { Tx } from '../store/database.ts';
import { sessionOf } from '../store/session.ts';
import { erasedAmong } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { type LockedPerson, lockPeople } from './lock-people.ts';

/** Locks customers, an alias as its root, and answers them by the id asked for. Throws Fault `not_found`, `gone`. */
export async function lockCustomersOf(
  tx: Tx,
  call: Call,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LockedPerson>> {
  const people = await lockPeople(tx, call.vault, ids, call.at);
  const roots = [...people.values()].map(({ customer }) => customer.id);
  const erased = await erasedAmong(sessionOf(tx), roots);
  if (erased.size > 0) throw new Fault('gone', null, 'The person was erased.');
  return people;
}

/** Locks one customer. Throws Fault `not_found`, `gone`. */
export async function lockCustomer(tx: Tx, call: Call, id: string): Promise<LockedPerson> {
  const person = (await lockCustomersOf(tx, call, [id])).get(id);
  if (person === undefined) throw new Fault('not_found', null, 'There is no such customer.');
  return person;
}

import type { Directory } from '../domain/directory.ts';
import { Fault } from '../domain/fault.ts';
import { isLive, isOpen } from '../domain/lead.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { openLeadsOf } from '../store/pooled-leads.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import { giveAnew } from './give-anew.ts';
import { lockPeople } from './lock-people.ts';

const BATCH = 500; // leads of a call: a transaction of some hundred milliseconds

/** What a call came to: leads given to somebody, leads that wait in a pool, and whether there are more to call for. */
export interface Reassigned {
  readonly given: number;
  readonly pooled: number;
  readonly more: boolean;
}

/**
 * Takes the open leads of an adviser who leaves, 500 a call, and gives them to one (`to`), or through the wheels of their stores;
 * `store` null: those of every store. Throws Fault `not_found`, and `body_invalid` for a `to` that cannot have them.
 */
export async function reassignLeads(
  tx: Tx,
  call: Call,
  code: string,
  { to, store }: { readonly to: string | null; readonly store: string | null },
): Promise<Reassigned> {
  const session = sessionOf(tx);
  const [directory, policy] = [await readDirectory(session), await readPolicy(session)];
  if (!directory.advisers.has(code)) throw new Fault('not_found', null, 'There is no such adviser.');
  if (to === code) throw new Fault('body_invalid', '/to', 'It is the adviser who leaves.');
  if (to !== null && directory.advisers.get(to)?.active !== true) {
    throw new Fault('body_invalid', '/to', 'There is no such adviser who is active.');
  }
  const found = await openLeadsOf(tx, code, store, BATCH + 1);
  const batch = found.slice(0, BATCH);
  const people = await lockPeople(tx, call.vault, [...new Set(batch.map(({ customerId }) => customerId))], call.at);
  const leads = batch.flatMap(({ id, customerId }) => {
    const person = people.get(customerId);
    const lead = person?.leads.find((one) => one.id === id);
    if (person === undefined || lead === undefined) return [];
    return lead.owner === code && isLive(lead) && isOpen(lead.state) ? [{ lead, customer: person.customer }] : [];
  });
  const anew = { directory: without(directory, code), policy, to, reason: 'reassigned' } as const;
  return { ...(await giveAnew(tx, call, leads, anew)), more: found.length > BATCH };
}

/** The directory as if somebody were not there. */
function without(directory: Directory, code: string): Directory {
  return { ...directory, advisers: new Map([...directory.advisers].filter(([other]) => other !== code)) };
}

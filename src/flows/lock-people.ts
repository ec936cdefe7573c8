import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import type { Customer } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { lockCustomers, readAliases, readCustomers } from '../store/customer-rows.ts';
import type { Tx } from '../store/database.ts';
import { readLeads } from '../store/lead-rows.ts';
import { sessionOf } from '../store/session.ts';

/** A person whose lock is held until the transaction ends: the root customer and every lead of the family. */
export interface LockedPerson {
  readonly customer: Customer;
  readonly leads: readonly Lead[];
}

/**
 * Locks the root customers of the ids given, in the order of ids, and reads them after the lock is held; the answer is by the id
 * asked for. Throws Fault `not_found` when one does not exist. Every flow that touches a person goes through here.
 */
export async function lockPeople(
  tx: Tx,
  vault: Vault,
  ids: readonly string[],
  at: Instant,
): Promise<ReadonlyMap<string, LockedPerson>> {
  if (ids.length === 0) return new Map(); // nobody's lock is ever found to be held
  const session = sessionOf(tx);
  const existing = new Set((await readCustomers(session, ids)).map((customer) => customer.id));
  if (ids.some((id) => !existing.has(id))) throw new Fault('not_found', null, 'There is no such customer.');
  let roots = new Map<string, string>();
  // A merge may come between the look-up and the lock; then the alias is found after it, and the new root is locked too.
  for (let settled = false; !settled; ) {
    const aliases = await readAliases(session, ids);
    const next = new Map(ids.map((id) => [id, aliases.get(id) ?? id]));
    settled = roots.size > 0 && ids.every((id) => roots.get(id) === next.get(id));
    roots = next;
    if (!settled) await lockCustomers(session, [...new Set(roots.values())], at);
  }
  const rootIds = [...new Set(roots.values())];
  const customers = new Map((await readCustomers(session, rootIds)).map((customer) => [customer.id, customer]));
  const leads = await readLeads(session, vault, rootIds);
  return new Map(
    ids.map((id) => {
      const root = roots.get(id) ?? id;
      const customer = customers.get(root);
      if (customer === undefined) throw new Fault('not_found', null, 'There is no such customer.');
      return [id, { customer, leads: leads.filter((row) => row.root === root).map(({ lead }) => lead) }];
    }),
  );
}

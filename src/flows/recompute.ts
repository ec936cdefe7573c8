import type { Lead } from '../domain/lead.ts';
import { recomputePerson } from '../domain/recompute.ts';
import type { Vault } from '../domain/vault.ts';
import { readAliases, readCustomers, upsertCustomers } from '../store/customer-rows.ts';
import { readHistory } from '../store/history.ts';
import { readLeads, upsertLeads } from '../store/lead-rows.ts';
import { markCustomersDue } from '../store/score-due.ts';
import type { Session } from '../store/session.ts';

/** Recomputes the values of customers whose locks are held, from the touches that stand; used after a void, split or unmerge. */
export async function recompute(
  session: Session,
  vault: Vault,
  customerIds: readonly string[],
  at: number,
): Promise<void> {
  const aliases = await readAliases(session, customerIds);
  const roots = [...new Set(customerIds.map((id) => aliases.get(id) ?? id))];
  const customers = await readCustomers(session, roots);
  const leads = await readLeads(session, vault, roots);
  const history = await readHistory(session, roots);
  const recomputed = customers.map((customer) =>
    recomputePerson(
      customer,
      leads.filter(({ root }) => root === customer.id).map(({ lead }) => lead),
      history.filter(({ root }) => root === customer.id),
      at,
    ),
  );
  await upsertCustomers(
    session,
    recomputed.map(({ customer }) => customer),
    at,
  );
  const changed: readonly Lead[] = recomputed.flatMap((person) => person.leads);
  await upsertLeads(session, vault, changed);
  await markCustomersDue(session, roots, at);
}

import type { FastifyRequest } from 'fastify';
import {
  type FoundCustomer,
  findCustomers,
  latestConsents,
  listIdentities,
  listMerges,
  membersOf,
} from '../store/customer-read.ts';
import type { Reach } from '../store/lead-page.ts';
import { listLeadsOf } from '../store/lead-read.ts';
import type { ListedLead } from '../store/listed-lead.ts';
import { grantOf } from './actor.ts';
import type { RouteDeps } from './deps.ts';
import { problem } from './problem.ts';
import type { CustomerFacts } from './views/customer.ts';
import { covers, reachOf } from './visibility.ts';

/** The customer of an id, or the one that it was merged into; throws `not_found`, and `gone` where it was erased. */
export async function openCustomer({ db }: Pick<RouteDeps, 'db'>, id: string): Promise<FoundCustomer> {
  const [found] = await findCustomers(db, [id.toLowerCase()]);
  if (found === undefined) throw problem('not_found', { detail: 'There is no such customer.' });
  if (found.erasedAt !== null) throw problem('gone');
  return found;
}

/** How a request sees a customer: in full where it may read one of the leads, or may read every one. */
export interface CustomerSight {
  readonly reach: Reach | null;
  readonly leads: readonly ListedLead[];
  readonly members: readonly string[];
  readonly inReach: boolean;
}

/** The customer's leads and ids, and whether the key of a request may read more than that it exists. */
export async function lookAtCustomer(
  { db, vault }: Pick<RouteDeps, 'db' | 'vault'>,
  request: FastifyRequest,
  root: string,
): Promise<CustomerSight> {
  const reach = reachOf(grantOf(request));
  const [leads, members] = await Promise.all([listLeadsOf(db, vault, [root]), membersOf(db, root)]);
  const inReach = reach === null || leads.some(({ lead }) => covers(reach, lead));
  return { reach, leads, members, inReach };
}

/** Everything that is known of a customer. */
export async function factsOf(
  { db, vault }: Pick<RouteDeps, 'db' | 'vault'>,
  { asked, customer }: FoundCustomer,
  { leads, members }: CustomerSight,
): Promise<CustomerFacts> {
  const [identities, consents, merges] = await Promise.all([
    listIdentities(db, vault, members),
    latestConsents(db, members),
    listMerges(db, members),
  ]);
  return { asked, customer, members, leads, identities, consents, merges };
}

/** The same, where there is something to read; throws `other_store` where the key learns only that the customer exists. */
export function requireCustomer(look: CustomerSight): CustomerSight {
  if (!look.inReach) throw problem('other_store');
  return look;
}

import type { FastifyRequest } from 'fastify';
import { membersOf, partnersOf } from '../store/customer-read.ts';
import { type FoundLead, findLeads, mergedLeadIds } from '../store/lead-read.ts';
import { grantOf } from './actor.ts';
import type { RouteDeps } from './deps.ts';
import { problem } from './problem.ts';
import { covers, reachOf } from './visibility.ts';

/** The lead of an id, or the one that it was merged into; throws `not_found`, and `gone` where it was erased or reverted. */
export async function openLead({ db, vault }: Pick<RouteDeps, 'db' | 'vault'>, id: string): Promise<FoundLead> {
  const [found] = await findLeads(db, vault, [id.toLowerCase()]);
  if (found === undefined) throw problem('not_found', { detail: 'There is no such lead.' });
  if (found.lead.hidden !== null) throw problem('gone');
  return found;
}

/** Throws `other_store` where the key learns no more of a lead than that it exists. */
export function requireReach(request: FastifyRequest, { lead }: Pick<FoundLead, 'lead'>): void {
  if (!covers(reachOf(grantOf(request)), lead)) throw problem('other_store');
}

/** What was written about a lead stands under these ids. */
export interface LeadTrace {
  readonly leadIds: readonly string[]; // its own, and those of leads merged into it
  readonly members: readonly string[]; // its customer's own id, and those of aliases
  readonly customerIds: readonly string[]; // and those of customers that it was merged with at some time
}

/** Everywhere that touches and events of a lead are to be looked for. */
export async function traceOf({ db }: Pick<RouteDeps, 'db'>, { lead, root }: FoundLead): Promise<LeadTrace> {
  const [leadIds, members] = await Promise.all([mergedLeadIds(db, [lead.id]), membersOf(db, root)]);
  return { leadIds, members, customerIds: [...members, ...(await partnersOf(db, members))] };
}

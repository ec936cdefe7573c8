import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { part } from './parting.ts';

/** A lead in other hands, or in nobody's (it waits in a pool from then on); what was new is assigned, every other state stays. */
export function handOver(lead: Lead, owner: string | null, store: string | null, at: Instant): Lead {
  const former =
    lead.owner === null
      ? {}
      : {
          formerOwner: lead.owner,
          formerStore: lead.store,
          takenFrom: part(lead.takenFrom, { owner: lead.owner, at, how: 'moved' }),
        };
  const begins = owner !== null && lead.state === 'new';
  return {
    ...lead,
    ...former,
    ...(begins ? { state: 'assigned' as const, stateAt: Math.max(lead.stateAt, at) } : {}),
    owner,
    store,
    ownerSince: owner === null ? null : at,
    ownerTaken: owner === null && lead.ownerTaken,
    pooledSince: owner === null ? (lead.pooledSince ?? at) : null,
    lastReceivedAt: Math.max(lead.lastReceivedAt, at),
    version: lead.version + 1,
    updatedAt: Math.max(lead.updatedAt, at),
  };
}

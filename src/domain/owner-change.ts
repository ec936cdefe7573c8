import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { part } from './parting.ts';

/** Whom a lead is given to by hand; null: to nobody, or to the pool of HQ. */
export interface Giving {
  readonly owner: string | null;
  readonly store: string | null;
  readonly occurredAt: Instant;
  readonly at: Instant; // ours
}

/**
 * A lead with another owner or store: what was new is assigned (beneath an automatic sleep too), the former owner is remembered,
 * and any other state stays. Null when both are what they were.
 */
export function giveTo(lead: Lead, giving: Giving): { readonly lead: Lead; readonly assigned: boolean } | null {
  const { owner, store, occurredAt, at } = giving;
  if (owner === lead.owner && store === lead.store) return null;
  const moved = owner !== lead.owner;
  const held = owner !== null;
  const given: Lead = {
    ...lead,
    owner,
    store,
    pooledSince: held ? null : lead.pooledSince,
    takenFrom:
      moved && lead.owner !== null ? part(lead.takenFrom, { owner: lead.owner, at, how: 'moved' }) : lead.takenFrom,
    ...(moved
      ? { ownerSince: held ? at : null, formerOwner: lead.owner, formerStore: lead.store, ownerTaken: false }
      : {}),
    lastReceivedAt: Math.max(lead.lastReceivedAt, at),
    version: lead.version + 1,
    updatedAt: Math.max(lead.updatedAt, at),
  };
  if (held && lead.state === 'new')
    return { lead: { ...given, state: 'assigned', stateAt: occurredAt }, assigned: true };
  const asleepNew = lead.state === 'dormant' && lead.dormantBy === 'auto' && lead.priorState === 'new';
  return { lead: held && asleepNew ? { ...given, priorState: 'assigned' } : given, assigned: false };
}

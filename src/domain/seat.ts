import { beginLead } from './absorb.ts';
import { place } from './decide.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Policy } from './policy.ts';

/** A touch that has to find its lead among a person's others, after it was moved to them. */
export interface MovedTouch {
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly scope: string;
  readonly store: string | null;
  readonly phone: string | null; // E.164
}

/** The lead that takes a moved touch, and how: as it is, woken by it, or made for it. */
export interface Seat {
  readonly lead: Lead;
  readonly how: 'kept' | 'woken' | 'made';
}

/** Where a moved touch belongs by the decision table; what it opens nobody owns yet, the store is that of the touch. */
export function seatTouch(
  leads: readonly Lead[],
  touch: MovedTouch,
  policy: Policy,
  made: { readonly leadId: string; readonly customerId: string },
): Seat {
  const placement = place(leads, touch.scope, touch.occurredAt, policy);
  if (placement.kind === 'new') {
    const { decision, previous } = placement;
    const lead: Lead = {
      ...leadOfTouch(made.leadId, made.customerId, touch),
      repurchaseOf: decision === 'repurchase' ? (previous?.id ?? null) : null,
      previousLead: decision === 'after_lost' ? (previous?.id ?? null) : null,
    };
    return { lead, how: 'made' };
  }
  const lead: Lead = {
    ...placement.lead,
    lastActivityAt: Math.max(placement.lead.lastActivityAt, touch.occurredAt),
    lastReceivedAt: Math.max(placement.lead.lastReceivedAt, touch.receivedAt),
  };
  if (placement.decision !== 'reactivated') return { lead, how: 'kept' };
  const woken: Lead = {
    ...lead,
    state: 'new',
    stateAt: touch.occurredAt,
    priorState: null,
    reason: null,
    dormantBy: null,
    closedAt: null,
    cycle: lead.cycle + 1,
    cycleStartedAt: touch.occurredAt,
    store: touch.store ?? lead.store,
    owner: null,
    ownerSince: null,
    formerOwner: lead.owner,
    formerStore: lead.store,
    ownerTaken: false,
    rating: null,
    ratingFacts: null,
  };
  return { lead: woken, how: 'woken' };
}

/** A lead that a moved touch makes; sources and counts are recomputed from its touches. */
export function leadOfTouch(id: string, customerId: string, touch: MovedTouch): Lead {
  return { ...beginLead(id, customerId, touch.scope, touch), phone: touch.phone };
}

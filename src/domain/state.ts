import type { Instant } from './instant.ts';
import { asOf, isLive, isOpen, type Lead, type LeadState } from './lead.ts';
import { giveTo } from './owner-change.ts';

/** The states that a person can put a lead into; `new` is none. */
export const HAND_STATES = ['assigned', 'following', 'won', 'lost', 'dormant', 'invalid'] as const;
export type HandState = (typeof HAND_STATES)[number];

/** The won deal of a lead, as far as a repeated request is compared with it. */
export interface WonDeal {
  readonly amount: number; // minor units
  readonly currency: string;
  readonly wonAt: Instant;
}

/** A change of state as it is asked for, its moments settled. */
export interface StateChange {
  readonly to: HandState;
  readonly reason: string | null;
  readonly occurredAt: Instant;
  readonly at: Instant; // ours
  readonly owner: string | null; // of `assigned`
  readonly closer: string | null; // of `won`: named, else the owner, else who acts
  readonly won: (WonDeal & { readonly closerNamed: boolean; readonly timeNamed: boolean }) | null;
}

/** What a change of state came to; the lead is without its event yet. */
export type StateVerdict =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'changed'; readonly lead: Lead; readonly before: Lead }
  | { readonly kind: 'out_of_order' }
  | { readonly kind: 'refused'; readonly allowed: readonly LeadState[]; readonly openLead: string | null };

const LATER: Readonly<Record<LeadState, readonly LeadState[]>> = {
  new: ['assigned', 'following', 'won', 'lost', 'dormant', 'invalid'],
  assigned: ['following', 'won', 'lost', 'dormant', 'invalid'],
  following: ['won', 'lost', 'dormant', 'invalid'],
  dormant: ['following', 'won', 'lost', 'invalid'],
  invalid: ['following'],
  won: [],
  lost: [],
};

/**
 * Where a lead can go by hand. An automatic sleep is provisional: from it, whatever the open state beneath allows is allowed too,
 * so that the answer does not depend on whether the sweep has come by.
 */
export function allowedMoves(lead: Pick<Lead, 'state' | 'dormantBy' | 'priorState'>): readonly LeadState[] {
  if (lead.state !== 'dormant' || lead.dormantBy !== 'auto') return LATER[lead.state];
  return [...new Set([...LATER[lead.priorState ?? 'new'], 'following' as const])];
}

/** Another lead of the person that is open in the same scope, or null. */
export function otherOpenLead(leads: readonly Lead[], lead: Pick<Lead, 'id' | 'scope'>): Lead | null {
  const rival = (other: Lead): boolean => other.id !== lead.id && other.scope === lead.scope;
  return leads.find((other) => rival(other) && isLive(other) && isOpen(other.state)) ?? null;
}

/** Judges a change of state of one of a person's leads; `deal` is the won deal that stands on it. */
export function changeState(
  stored: Lead,
  leads: readonly Lead[],
  deal: WonDeal | null,
  change: StateChange,
  dormantAfterDays: number,
): StateVerdict {
  const lead = asOf(stored, change.occurredAt, dormantAfterDays);
  if (isSame(lead, deal, change)) return { kind: 'unchanged' };
  const allowed = allowedMoves(lead);
  if (!allowed.includes(change.to)) return { kind: 'refused', allowed, openLead: null };
  if (change.occurredAt < lead.stateAt) return { kind: 'out_of_order' };
  const wakes = isOpen(change.to) && !isOpen(stored.state);
  const open = wakes ? otherOpenLead(leads, lead) : null;
  if (open !== null) return { kind: 'refused', allowed: allowed.filter((to) => !isOpen(to)), openLead: open.id };
  return { kind: 'changed', lead: move(lead, change), before: lead };
}

/** Whether a lead is there already, with equal values: what is said again changes nothing. */
function isSame(lead: Lead, deal: WonDeal | null, { to, reason, owner, closer, won }: StateChange): boolean {
  if (to === 'assigned') return coveredState(lead) === 'assigned' && (owner === null || owner === lead.owner);
  if (lead.state !== to) return false;
  switch (to) {
    case 'following':
      return true;
    case 'lost':
    case 'invalid':
      return reason === lead.reason;
    case 'dormant':
      return lead.dormantBy === 'adviser' && (reason === null || reason === lead.reason);
    case 'won':
      if (deal === null || won === null) return false;
      return (
        won.amount === deal.amount &&
        won.currency === deal.currency &&
        (!won.timeNamed || won.wonAt === deal.wonAt) &&
        (!won.closerNamed || closer === lead.closer)
      );
  }
}

/** The state that a lead would return to: beneath an automatic sleep there is an open one. */
function coveredState(lead: Lead): LeadState {
  return lead.state === 'dormant' && lead.dormantBy === 'auto' ? (lead.priorState ?? 'new') : lead.state;
}

function move(lead: Lead, change: StateChange): Lead {
  const { to, reason, occurredAt, at, owner, closer, won } = change;
  const moved: Lead = {
    ...lead,
    state: to,
    stateAt: occurredAt,
    priorState: null,
    reason: null,
    dormantBy: null,
    closedAt: occurredAt,
    version: lead.version + 1,
    updatedAt: Math.max(lead.updatedAt, at),
  };
  // Who works a lead keeps it awake.
  const working = { closedAt: null, lastActivityAt: Math.max(lead.lastActivityAt, occurredAt) };
  switch (to) {
    case 'assigned': {
      const open: Lead = { ...moved, ...working, state: 'new' };
      const given = giveTo(open, { owner: owner ?? lead.owner, store: lead.store, occurredAt, at });
      return { ...(given?.lead ?? open), state: 'assigned', version: moved.version };
    }
    case 'following':
      return { ...moved, ...working };
    case 'won':
      return {
        ...moved,
        priorState: coveredState(lead),
        closedAt: won?.wonAt ?? occurredAt,
        closer,
        closerStore: lead.store,
      };
    case 'lost':
      return { ...moved, priorState: coveredState(lead), reason };
    case 'dormant':
      return { ...moved, dormantBy: 'adviser', reason };
    case 'invalid':
      return { ...moved, reason };
  }
}

/** What a lead was before it was won or lost, as far as the state alone does not say it. */
export interface BeforeClose {
  readonly closedAt: Instant | null;
  readonly reason: string | null;
}

/** Takes a win or a loss back: the lead returns to the state that it had, by a correction of `ops`. */
export function voidClose(
  stored: Lead,
  leads: readonly Lead[],
  before: BeforeClose | null,
  { occurredAt, at }: Pick<StateChange, 'occurredAt' | 'at'>,
): StateVerdict {
  if (stored.state !== 'won' && stored.state !== 'lost') {
    return { kind: 'refused', allowed: allowedMoves(stored), openLead: null };
  }
  if (occurredAt < stored.stateAt) return { kind: 'out_of_order' };
  const prior = stored.priorState ?? 'following';
  const open = isOpen(prior) ? otherOpenLead(leads, stored) : null;
  if (open !== null) return { kind: 'refused', allowed: [], openLead: open.id };
  const slept = prior === 'dormant';
  const lead: Lead = {
    ...stored,
    state: prior,
    stateAt: occurredAt,
    priorState: null,
    reason: slept ? (before?.reason ?? null) : null,
    dormantBy: slept ? 'adviser' : null,
    closedAt: slept ? (before?.closedAt ?? stored.closedAt) : null,
    closer: null,
    closerStore: null,
    // While it was closed it was not idle: it does not go to sleep for that time.
    lastActivityAt: isOpen(prior) ? Math.max(stored.lastActivityAt, occurredAt) : stored.lastActivityAt,
    version: stored.version + 1,
    updatedAt: Math.max(stored.updatedAt, at),
  };
  return { kind: 'changed', lead, before: stored };
}

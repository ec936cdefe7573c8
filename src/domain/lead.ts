import type { Instant } from './instant.ts';
import type { Origin } from './origin.ts';
import type { Parting } from './parting.ts';
import type { Rating, RatingFacts } from './rating.ts';
import type { OpenTask } from './task.ts';

/** 线索状态 */
export const LEAD_STATES = ['new', 'assigned', 'following', 'won', 'lost', 'dormant', 'invalid'] as const;
export type LeadState = (typeof LEAD_STATES)[number];
export const INVALID_REASONS = ['empty_number', 'wrong_person', 'no_answer', 'spam', 'duplicate', 'other'] as const;

/** 线索: one sales cycle of one customer; at most one is open per customer and scope. */
export interface Lead {
  readonly id: string;
  readonly customerId: string; // as written; an alias after a merge
  readonly scope: string;
  readonly phone: string | null; // E.164
  readonly state: LeadState;
  readonly stateAt: Instant;
  readonly priorState: LeadState | null; // what an automatic dormancy covers, or a close would return to when voided
  readonly reason: string | null;
  readonly dormantBy: 'adviser' | 'auto' | null;
  readonly closedAt: Instant | null;
  readonly cycle: number;
  readonly cycleStartedAt: Instant;
  readonly store: string | null;
  readonly owner: string | null;
  readonly ownerSince: Instant | null;
  readonly formerOwner: string | null;
  readonly formerStore: string | null;
  readonly ownerTaken: boolean;
  readonly takenFrom: readonly Parting[]; // who had it before: they cool down
  readonly pooledSince: Instant | null; // nobody could be given it
  readonly skill: string | null; // what the rule that gave it asks of whoever has it
  readonly closer: string | null;
  readonly closerStore: string | null;
  readonly repurchaseOf: string | null;
  readonly previousLead: string | null;
  readonly mergedInto: string | null;
  readonly hidden: string | null;
  readonly rating: Rating | null;
  readonly ratingFacts: RatingFacts | null;
  readonly firstSource: Origin | null;
  readonly lastSource: Origin | null;
  readonly touchCount: number;
  readonly lastActivityAt: Instant;
  readonly lastReceivedAt: Instant;
  readonly eventSequence: number;
  readonly flags: readonly string[];
  readonly task: OpenTask | null;
  readonly taskStepAt: Instant | null; // when the next step of its ladder is due
  readonly externalRef: string | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly recordedAt: Instant;
  readonly updatedAt: Instant;
}

/** Whether a state is open: somebody is to work the lead. */
export function isOpen(state: LeadState): boolean {
  return state === 'new' || state === 'assigned' || state === 'following';
}

/** Whether a lead takes part in judging: neither merged away, nor erased or reverted. */
export function isLive(lead: Lead): boolean {
  return lead.mergedInto === null && lead.hidden === null;
}

export const DAY_MS = 86_400_000;

/** When an open lead goes to sleep by itself if nothing more happens: its last activity and the idle limit, in event time. */
export function idleLimit(lead: Pick<Lead, 'lastActivityAt'>, dormantAfterDays: number): Instant {
  return lead.lastActivityAt + dormantAfterDays * DAY_MS;
}

/** When an idle lead is put to sleep: in event time, and so long without a receipt or an assignment too. */
export function sleepsAt(lead: Pick<Lead, 'lastActivityAt' | 'lastReceivedAt'>, dormantAfterDays: number): Instant {
  return Math.max(lead.lastActivityAt, lead.lastReceivedAt) + dormantAfterDays * DAY_MS;
}

/**
 * A lead as it stood at a moment, so that no answer depends on when the sweep ran: an open one idle past the limit counts as
 * automatically dormant, and one put to sleep automatically at a later moment counts as still open.
 */
export function asOf(lead: Lead, at: Instant, dormantAfterDays: number): Lead {
  if (lead.state === 'dormant' && lead.dormantBy === 'auto' && lead.closedAt !== null && at < lead.closedAt) {
    const state = lead.priorState ?? 'new';
    return { ...lead, state, priorState: null, stateAt: lead.stateAt, dormantBy: null, reason: null, closedAt: null };
  }
  const limit = idleLimit(lead, dormantAfterDays);
  return isOpen(lead.state) && at >= limit ? fallAsleep(lead, limit) : lead;
}

/** An open lead put to sleep automatically at the moment given; what it was is remembered. */
export function fallAsleep(lead: Lead, at: Instant): Lead {
  return { ...lead, state: 'dormant', priorState: lead.state, dormantBy: 'auto', reason: null, closedAt: at };
}

/** The moment a lead was closed for good in its present state, as the late rule counts it; an automatic sleep is provisional. */
export function closingMoment(lead: Lead): Instant | null {
  return isOpen(lead.state) || lead.dormantBy === 'auto' ? null : lead.closedAt;
}

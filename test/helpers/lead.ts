import type { Lead } from '../../src/domain/lead.ts';

/** Noon of the first day of a month of 2026, UTC, moved by days. */
export function day(month: number, days = 0): number {
  return Date.UTC(2026, month - 1, 1, 12) + days * 86_400_000;
}

/** An open lead of the default scope, created on 1 March; a test names what it is about. */
export function aLead(over: Partial<Lead> = {}): Lead {
  const at = day(3);
  return {
    id: 'lead-1',
    customerId: 'customer-1',
    scope: 'all',
    phone: '+8613800138000',
    state: 'following',
    stateAt: at,
    priorState: null,
    reason: null,
    dormantBy: null,
    closedAt: null,
    cycle: 1,
    cycleStartedAt: at,
    store: 'S1',
    owner: 'A1',
    ownerSince: at,
    formerOwner: null,
    formerStore: null,
    ownerTaken: false,
    takenFrom: [],
    pooledSince: null,
    skill: null,
    closer: null,
    closerStore: null,
    repurchaseOf: null,
    previousLead: null,
    mergedInto: null,
    hidden: null,
    rating: null,
    ratingFacts: null,
    firstSource: null,
    lastSource: null,
    touchCount: 1,
    lastActivityAt: at,
    lastReceivedAt: at,
    eventSequence: 1,
    flags: [],
    task: null,
    taskStepAt: null,
    externalRef: null,
    version: 1,
    createdAt: at,
    recordedAt: at,
    updatedAt: at,
    ...over,
  };
}

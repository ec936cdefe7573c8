import { withChannelTouch } from './channel-touches.ts';
import type { Entry } from './entry.ts';
import type { Instant } from './instant.ts';
import { isLive, type Lead } from './lead.ts';
import { earliest, latest, originOf } from './origin.ts';
import type { Customer } from './person.ts';
import { stateProfile } from './profile.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import type { Settled } from './world.ts';

/** A lead with one more touch: sources by occurred_at whatever the order of arrival, activity and receipt moved forward. */
export function absorbIntoLead(lead: Lead, settled: Settled, touchId: string): Lead {
  const origin = originOf(settled, touchId, settled.occurredAt);
  return {
    ...lead,
    phone: lead.phone ?? settled.phone?.e164 ?? null,
    firstSource: earliest(lead.firstSource, origin),
    lastSource: latest(lead.lastSource, origin),
    touchCount: lead.touchCount + 1,
    lastActivityAt: Math.max(lead.lastActivityAt, settled.occurredAt),
    lastReceivedAt: Math.max(lead.lastReceivedAt, settled.receivedAt),
    version: lead.version + 1,
    updatedAt: Math.max(lead.updatedAt, settled.receivedAt),
  };
}

/** A customer with one more touch: profile by survivorship, sources by occurred_at. */
export function absorbIntoCustomer(customer: Customer, entry: Entry, settled: Settled, touchId: string): Customer {
  const origin = originOf(settled, touchId, settled.occurredAt);
  const stamp = {
    at: settled.occurredAt,
    rec: settled.receivedAt,
    sub: makeId(entry.seed, bucketDigits(touchId), ID.submission),
  };
  const { person, clear = [] } = settled.fields;
  const speaks = person !== undefined || clear.length > 0;
  return {
    ...customer,
    profile: speaks ? stateProfile(customer.profile, person ?? {}, clear, stamp) : customer.profile,
    firstSource: earliest(customer.firstSource, origin),
    lastSource: latest(customer.lastSource, origin),
    touchCount: customer.touchCount + 1,
    channels: withChannelTouch(customer.channels, settled.channel, { id: touchId, at: settled.occurredAt }),
    version: customer.version + 1,
    updatedAt: Math.max(customer.updatedAt, settled.receivedAt),
  };
}

/** First and last source when a touch's extent was moved outward by noise: only the time of the touch's own source moves. */
export function stretchSources<T extends Pick<Lead, 'firstSource' | 'lastSource'>>(
  holder: T,
  settled: Settled,
  touchId: string,
): T {
  const origin = originOf(settled, touchId, settled.occurredAt);
  return {
    ...holder,
    firstSource: earliest(holder.firstSource, origin),
    lastSource: latest(holder.lastSource, origin),
  };
}

/** A lead as a first touch makes it, before it absorbs that touch. */
export function beginLead(
  id: string,
  customerId: string,
  scope: string,
  settled: Pick<Settled, 'occurredAt' | 'receivedAt' | 'store'>,
): Lead {
  const at: Instant = settled.occurredAt;
  return {
    id,
    customerId,
    scope,
    phone: null,
    state: 'new',
    stateAt: at,
    priorState: null,
    reason: null,
    dormantBy: null,
    closedAt: null,
    cycle: 1,
    cycleStartedAt: at,
    store: settled.store,
    owner: null,
    ownerSince: null,
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
    touchCount: 0,
    lastActivityAt: at,
    lastReceivedAt: settled.receivedAt,
    eventSequence: 0,
    flags: [],
    task: null,
    taskStepAt: null,
    externalRef: null,
    version: 0,
    createdAt: at,
    recordedAt: settled.receivedAt,
    updatedAt: settled.receivedAt,
  };
}

/** The person's lead that a touch belongs to today: the one it was written to, or where that one was merged. */
export function currentLead(leads: readonly Lead[], id: string): Lead | undefined {
  let lead = leads.find((other) => other.id === id);
  for (let hops = 0; lead !== undefined && !isLive(lead) && lead.mergedInto !== null && hops < 32; hops += 1) {
    const next = lead.mergedInto;
    lead = leads.find((other) => other.id === next);
  }
  return lead;
}

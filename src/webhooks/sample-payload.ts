import type { PayloadMode } from '../domain/endpoint.ts';
import { EVENT_TYPES, type EventDraft, type EventType, type WorkingEvent } from '../domain/event.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { type Payload, payloadOf } from '../domain/payload.ts';
import { SAMPLE_IDS, sampleCustomer, sampleLead, sampleSubmission } from './sample-facts.ts';
import { WORKING_SAMPLES } from './sample-working.ts';

/** A payload that tells of nobody: what a test sends, and what an expression is tried on. */
export interface SamplePayload extends Payload {
  readonly test: true;
}

/** Which sample: of an event type, as an endpoint with this payload mode gets it, under an id and at a moment of the caller's. */
export interface SampleWish {
  readonly type: EventType;
  readonly mode: PayloadMode;
  readonly id: string;
  readonly at: Instant;
}

/** Every type of event, in the order of its list. */
export const SAMPLE_TYPES = Object.keys(EVENT_TYPES) as [EventType, ...EventType[]];

/** Makes a marked sample payload with every value that a real one of its type can have. */
export function samplePayload({ type, mode, id, at }: SampleWish): SamplePayload {
  const { about, data } = SAMPLES[type];
  const { lead, customer, submission, subjectKind, subjectId } = ABOUT[about];
  const facts = {
    event: {
      id,
      type,
      version: 1,
      subjectKind,
      subjectId,
      customerId: customer ? SAMPLE_IDS.customer : null,
      leadId: lead ? SAMPLE_IDS.lead : null,
      submissionId: submission ? SAMPLE_IDS.submission : null,
      sequence: lead ? 1 : null,
      occurredAt: at,
      recordedAt: at,
      data: data(at),
    },
    previousSequence: null,
    lead: lead ? sampleLead(at) : null,
    customer: customer ? sampleCustomer(at) : null,
    submission: submission ? sampleSubmission(at) : null,
    consents: { contact: true, analytics: false, ad_feedback: false },
  };
  return { ...payloadOf(facts, mode), test: true };
}

interface About {
  readonly subjectKind: EventDraft['subjectKind'];
  readonly subjectId: string;
  readonly lead: boolean;
  readonly customer: boolean;
  readonly submission: boolean;
}

const LEAD = { lead: true, customer: true, submission: false } as const;

/** Whom an event is about, and who comes with it. */
const ABOUT = {
  capture: { ...LEAD, submission: true, subjectKind: 'lead', subjectId: SAMPLE_IDS.lead },
  lead: { ...LEAD, subjectKind: 'lead', subjectId: SAMPLE_IDS.lead },
  touch: { ...LEAD, subjectKind: 'touch', subjectId: SAMPLE_IDS.touch },
  deal: { ...LEAD, subjectKind: 'deal', subjectId: SAMPLE_IDS.deal },
  customer: { ...LEAD, lead: false, subjectKind: 'customer', subjectId: SAMPLE_IDS.customer },
  submission: {
    lead: false,
    customer: false,
    submission: true,
    subjectKind: 'submission',
    subjectId: SAMPLE_IDS.submission,
  },
  import: {
    lead: false,
    customer: false,
    submission: false,
    subjectKind: 'import',
    subjectId: SAMPLE_IDS.import,
  },
  endpoint: {
    lead: false,
    customer: false,
    submission: false,
    subjectKind: 'endpoint',
    subjectId: SAMPLE_IDS.endpoint,
  },
} as const satisfies Readonly<Record<string, About>>;

interface Sample {
  readonly about: keyof typeof ABOUT;
  readonly data: (at: Instant) => Readonly<Record<string, unknown>>;
}

const OWNED = { owner: 'A1', store: 'S1' };

function capture(decision: string): Sample {
  const told = { decision, touch_id: SAMPLE_IDS.touch, channel: 'douyin', kind: 'form', capture_store: 'S1', ...OWNED };
  const more = {
    owner_reason: 'named',
    state: 'assigned',
    cycle: 1,
    scope: 'all',
    rating: 'medium',
    rating_rule: 'rating.base',
    changed: ['name'],
    mode: 'live',
  };
  return { about: 'capture', data: () => ({ ...told, ...more }) };
}

const UNMERGED = {
  merge_id: SAMPLE_IDS.merge,
  survivor_id: SAMPLE_IDS.customer,
  restored_id: SAMPLE_IDS.otherCustomer,
};
const MERGED = { merge_id: SAMPLE_IDS.merge, survivor: SAMPLE_IDS.lead, absorbed: SAMPLE_IDS.otherLead };
const DEAL = {
  deal_id: SAMPLE_IDS.deal,
  lead_id: SAMPLE_IDS.lead,
  amount: 19_800_000,
  currency: 'CNY',
  closer: 'A1',
  store: 'S1',
};

/** What every type of event tells. */
const SAMPLES: Readonly<Record<EventType, Sample>> = {
  'lead.created': capture('created'),
  'lead.touched': capture('merged'),
  'lead.reactivated': capture('reactivated'),
  'lead.state_changed': {
    about: 'lead',
    data: (at) => ({
      from: 'following',
      to: 'won',
      reason: null,
      ...OWNED,
      cycle: 1,
      closed_at: formatInstant(at),
      before: { closed_at: null, reason: null },
      flags: [],
    }),
  },
  'lead.owner_changed': { about: 'lead', data: () => ({ ...OWNED, former_owner: null, former_store: 'S2' }) },
  'lead.profile_changed': { about: 'lead', data: () => ({ confirmed: ['name'], changed: ['name'] }) },
  'lead.split': {
    about: 'lead',
    data: () => ({
      touch_id: SAMPLE_IDS.touch,
      from_customer: SAMPLE_IDS.otherCustomer,
      from_lead: SAMPLE_IDS.otherLead,
      to_customer: SAMPLE_IDS.customer,
      to_lead: SAMPLE_IDS.lead,
    }),
  },
  'lead.merged': { about: 'lead', data: () => ({ ...MERGED, ...OWNED, state: 'following' }) },
  'lead.unmerged': {
    about: 'lead',
    data: () => ({ ...UNMERGED, ...OWNED, state: 'following', cycle: 1, touches: [SAMPLE_IDS.touch] }),
  },
  'lead.reverted': { about: 'lead', data: () => ({ ...UNMERGED, ...OWNED, state: 'new', cycle: 1, touches: [] }) },
  'lead.erased': { about: 'lead', data: () => ({ later: 'new_customer' }) },
  'customer.merged': {
    about: 'customer',
    data: () => ({
      merge_id: SAMPLE_IDS.merge,
      survivor_id: SAMPLE_IDS.customer,
      absorbed_id: SAMPLE_IDS.otherCustomer,
      leads: [{ survivor: SAMPLE_IDS.lead, absorbed: SAMPLE_IDS.otherLead }],
    }),
  },
  'customer.unmerged': {
    about: 'customer',
    data: () => ({ ...UNMERGED, touches: [SAMPLE_IDS.touch] }),
  },
  'customer.consent_changed': {
    about: 'customer',
    data: () => ({ purpose: 'contact', granted: true, was_granted: false, text_version: 'v1' }),
  },
  'touch.voided': { about: 'touch', data: () => ({ touch_id: SAMPLE_IDS.touch, reason: 'wrong_person' }) },
  'deal.recorded': { about: 'deal', data: () => DEAL },
  'deal.refunded': {
    about: 'deal',
    data: () => ({ ...DEAL, entry_id: SAMPLE_IDS.entry, kind: 'refund', amount: -1_000_000, left: 18_800_000 }),
  },
  'submission.quarantined': {
    about: 'submission',
    data: () => ({
      quarantine_id: SAMPLE_IDS.quarantine,
      code: 'phone_invalid',
      source_id: SAMPLE_IDS.source,
      mode: 'live',
    }),
  },
  'import.completed': {
    about: 'import',
    data: () => ({
      source_id: SAMPLE_IDS.source,
      state: 'completed',
      mode: 'live',
      rows_total: 1000,
      rows_done: 1000,
      failed: 3,
      classes: { new: 897, existing: 80, repeated_in_file: 20, phone_unusable: 3 },
      decisions: { created: 897, merged: 100, quarantined: 3 },
    }),
  },
  ...(Object.fromEntries(
    Object.entries(WORKING_SAMPLES).map(([type, data]) => [type, { about: 'lead', data }]),
  ) as Readonly<Record<WorkingEvent, Sample>>),
  'endpoint.paused': {
    about: 'endpoint',
    data: () => ({ reason: 'failing', description: '纷享销客' }),
  },
};

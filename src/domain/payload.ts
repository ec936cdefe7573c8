import type { PayloadMode } from './endpoint.ts';
import { formatInstant, type Instant } from './instant.ts';
import type { KnownLead, LeadRecord, OriginRecord } from './lead-record.ts';
import { maskPhone } from './mask.ts';
import { maskText } from './masking.ts';
import type { Origin } from './origin.ts';
import { leadBody, maskBodyFields, originBody } from './payload-sight.ts';
import { type Sight, seen } from './sight.ts';
import type { Purpose } from './submission.ts';

/** A customer as a body tells of it. */
export interface PayloadCustomer {
  readonly id: string;
  readonly version: number;
  readonly phone: string | null;
  readonly firstSource: Origin | null;
  readonly lastSource: Origin | null;
  readonly touchCount: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A submission as a body tells of it. */
export interface PayloadSubmission {
  readonly id: string;
  readonly sourceId: string;
  readonly sourceName: string | null;
  readonly externalId: string | null;
  readonly decision: string;
  readonly rule: string;
  readonly policyVersion: number;
  readonly mode: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
}

/** An event and all that its body tells of. */
export interface PayloadFacts {
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly version: number;
    readonly subjectKind: string;
    readonly subjectId: string;
    readonly customerId: string | null;
    readonly leadId: string | null;
    readonly submissionId: string | null;
    readonly sequence: number | null;
    readonly occurredAt: Instant;
    readonly recordedAt: Instant;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly previousSequence: number | null;
  readonly lead: KnownLead | null;
  readonly customer: PayloadCustomer | null;
  readonly submission: PayloadSubmission | null;
  readonly consents: Readonly<Record<Purpose, boolean>>;
}

/** A body of an event; moments in ISO 8601. Of thin ones every part has its id only. */
export interface Payload {
  readonly id: string;
  readonly type: string;
  readonly version: number;
  readonly subject: { readonly kind: string; readonly id: string };
  readonly occurred_at: string;
  readonly recorded_at: string;
  readonly sequence: number | null;
  readonly previous_sequence: number | null;
  readonly data: {
    readonly lead: LeadRecord | OnlyId | null;
    readonly customer: CustomerBody | OnlyId | null;
    readonly submission: SubmissionBody | OnlyId | null;
    readonly decision: DecisionBody | null;
    readonly changed: Readonly<Record<string, unknown>>;
  };
}

interface OnlyId {
  readonly id: string;
}

interface CustomerBody {
  readonly id: string;
  readonly version: number;
  readonly phone: string | null;
  readonly first_source: OriginRecord | null;
  readonly last_source: OriginRecord | null;
  readonly touch_count: number;
  readonly consents: Readonly<Record<Purpose, boolean>>;
  readonly created_at: string;
  readonly updated_at: string;
}

interface SubmissionBody {
  readonly id: string;
  readonly source_id: string;
  readonly source_name: string | null;
  readonly external_id: string | null;
  readonly decision: string;
  readonly rule: string;
  readonly policy_version: number;
  readonly mode: string;
  readonly occurred_at: string;
  readonly received_at: string;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly omitted?: readonly string[]; // groups of fields left out, since the body would be too large
}

interface DecisionBody {
  readonly decision: string;
  readonly rule: string;
  readonly policy_version: number;
}

/** Types whose bodies are thin for everyone: they go to those too who may no longer have the person. */
const ALWAYS_THIN = new Set(['lead.erased', 'customer.consent_changed']);

/** The largest body, in bytes of UTF-8. */
export const PAYLOAD_MAX_BYTES = 20_000;

/** The body of an event as an endpoint may see it. */
export function payloadOf(facts: PayloadFacts, mode: PayloadMode): Payload {
  const { event, previousSequence } = facts;
  return {
    id: event.id,
    type: event.type,
    version: event.version,
    subject: { kind: event.subjectKind, id: event.subjectId },
    occurred_at: formatInstant(event.occurredAt),
    recorded_at: formatInstant(event.recordedAt),
    sequence: event.sequence,
    previous_sequence: previousSequence,
    data: mode === 'thin' || ALWAYS_THIN.has(event.type) ? thinData(facts) : fullData(facts, sightOf(mode)),
  };
}

function sightOf(mode: 'masked' | 'full'): Sight {
  return mode === 'full' ? { kind: 'full', reason: 'endpoint' } : { kind: 'masked', why: 'scope_missing' };
}

function thinData({ event, customer, submission }: PayloadFacts): Payload['data'] {
  const customerId = customer?.id ?? event.customerId;
  return {
    lead: event.leadId === null ? null : { id: event.leadId },
    customer: customerId === null ? null : { id: customerId },
    submission: event.submissionId === null ? null : { id: event.submissionId },
    decision: decisionOf(submission),
    changed: event.data,
  };
}

function fullData({ event, lead, customer, submission, consents }: PayloadFacts, sight: Sight): Payload['data'] {
  return {
    lead: lead === null ? null : leadBody(lead, sight),
    customer: customer === null ? null : customerBody(customer, consents, sight),
    submission: submission === null ? null : submissionBody(submission, sight),
    decision: decisionOf(submission),
    changed: event.data,
  };
}

function decisionOf(submission: PayloadSubmission | null): DecisionBody | null {
  if (submission === null) return null;
  return { decision: submission.decision, rule: submission.rule, policy_version: submission.policyVersion };
}

function customerBody(customer: PayloadCustomer, consents: CustomerBody['consents'], sight: Sight): CustomerBody {
  return {
    id: customer.id,
    version: customer.version,
    phone: seen(sight, customer.phone, maskPhone),
    first_source: originBody(customer.firstSource, sight),
    last_source: originBody(customer.lastSource, sight),
    touch_count: customer.touchCount,
    consents,
    created_at: formatInstant(customer.createdAt),
    updated_at: formatInstant(customer.updatedAt),
  };
}

function submissionBody(submission: PayloadSubmission, sight: Sight): SubmissionBody {
  return {
    id: submission.id,
    source_id: submission.sourceId,
    source_name: submission.sourceName,
    external_id: seen(sight, submission.externalId, maskText),
    decision: submission.decision,
    rule: submission.rule,
    policy_version: submission.policyVersion,
    mode: submission.mode,
    occurred_at: formatInstant(submission.occurredAt),
    received_at: formatInstant(submission.receivedAt),
    fields: sight.kind === 'full' ? submission.fields : maskBodyFields(submission.fields),
  };
}

/** The body without what a submission sent beyond measure: first `extra`, then its largest groups, until it fits. */
export function fitted(payload: Payload, sizeOf: (text: string) => number, limit: number): Payload {
  const { submission } = payload.data;
  if (submission === null || !('fields' in submission) || sizeOf(JSON.stringify(payload)) <= limit) return payload;
  const groups = Object.entries(submission.fields).map(([name, value]) => ({
    name,
    value,
    size: sizeOf(JSON.stringify(value ?? null)),
  }));
  groups.sort((a, b) => Number(b.name === 'extra') - Number(a.name === 'extra') || b.size - a.size);
  const omitted: string[] = [];
  let smaller = payload;
  for (const { name } of groups) {
    omitted.push(name);
    const fields = Object.fromEntries(Object.entries(submission.fields).filter(([group]) => !omitted.includes(group)));
    smaller = { ...payload, data: { ...payload.data, submission: { ...submission, fields, omitted: [...omitted] } } };
    if (sizeOf(JSON.stringify(smaller)) <= limit) break;
  }
  return smaller;
}

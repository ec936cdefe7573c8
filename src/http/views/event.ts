import { formatInstant } from '../../domain/instant.ts';
import { maskText } from '../../domain/masking.ts';
import type { Decision } from '../../domain/outcome.ts';
import type { ListedEvent } from '../../store/event-list.ts';
import type { EventRecord } from '../schemas/event-answer.ts';

/** One event of a timeline. Events hold no identity values; an external id that looks like a phone is masked all the same. */
export function eventRecord(event: ListedEvent): EventRecord {
  return {
    id: event.id,
    type: event.type,
    subject: { kind: event.subject_kind, id: event.subject_id },
    lead_id: event.lead_id,
    customer_id: event.customer_id,
    sequence: event.sequence,
    occurred_at: formatInstant(event.occurred_at),
    recorded_at: formatInstant(event.recorded_at),
    actor: event.actor,
    request_id: event.request_id,
    rule: event.rule,
    policy_version: event.policy_version,
    data: event.data as Readonly<Record<string, unknown>>,
    submission: submissionOf(event.submission),
  };
}

function submissionOf(submission: ListedEvent['submission']): EventRecord['submission'] {
  if (submission === null) return null;
  const { external_id, occurred_at, received_at, decision, ...rest } = submission;
  return {
    ...rest,
    decision: decision as Decision,
    external_id: external_id === null ? null : maskText(external_id),
    occurred_at: formatInstant(occurred_at),
    received_at: formatInstant(received_at),
  };
}

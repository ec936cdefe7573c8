import type { Attempt, Delivery } from '../../domain/delivery.ts';
import { formatInstant, momentOf } from '../../domain/instant.ts';
import type { AttemptRecord, DeliveryRecord } from '../schemas/delivery.ts';

/** One delivery, without what it sends. */
export function deliveryRecord(delivery: Delivery): DeliveryRecord {
  return {
    id: delivery.id,
    endpoint_id: delivery.endpointId,
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    lead_id: delivery.leadId,
    customer_id: delivery.customerId,
    sequence: delivery.sequence,
    previous_sequence: delivery.previousSequence,
    state: delivery.state,
    reason: delivery.reason,
    attempt_count: delivery.attempts,
    last_attempt_at: momentOf(delivery.lastAttemptAt),
    last_status: delivery.lastStatus,
    created_at: formatInstant(delivery.createdAt),
    settled_at: momentOf(delivery.settledAt),
  };
}

/** One attempt of a delivery. */
export function attemptRecord(attempt: Attempt): AttemptRecord {
  return {
    number: attempt.number,
    at: formatInstant(attempt.at),
    duration_ms: attempt.duration,
    result: attempt.result,
    status: attempt.status,
    excerpt: attempt.excerpt,
  };
}

/** What the headers of one request tell beside its signature. */
export interface DeliveryFacts {
  readonly kind: 'live' | 'test';
  readonly eventType: string;
  readonly deliveryId: string;
  readonly attempt: number; // from 1
  readonly sequence: number | null; // of the event in its lead
  readonly leadAgeSeconds: number | null; // since the touch that made the lead happened
  readonly eventAgeSeconds: number; // since the event was recorded
  readonly contentType: string;
}

/**
 * The headers of one request. `signed` are those of the signature (webhook-id, webhook-timestamp, webhook-signature).
 * What an operator has set goes before User-Agent and Content-Type, and below all others.
 */
export function deliveryHeaders(
  version: string,
  custom: Readonly<Record<string, string>>,
  signed: Readonly<Record<string, string>>,
  facts: DeliveryFacts,
): Readonly<Record<string, string>> {
  return {
    'user-agent': `clew/${version}`,
    'content-type': facts.contentType,
    ...custom,
    ...signed,
    'clew-delivery-id': facts.deliveryId,
    'clew-attempt': String(facts.attempt),
    'clew-event-type': facts.eventType,
    'clew-event-age': String(facts.eventAgeSeconds),
    ...(facts.sequence === null ? {} : { 'clew-sequence': String(facts.sequence) }),
    ...(facts.leadAgeSeconds === null ? {} : { 'clew-lead-age': String(facts.leadAgeSeconds) }),
    ...(facts.kind === 'test' ? { 'clew-test': 'true' } : {}),
  };
}

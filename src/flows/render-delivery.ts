import type { SendingEndpoint } from '../domain/endpoint.ts';
import { fitted, PAYLOAD_MAX_BYTES, type Payload, payloadOf } from '../domain/payload.ts';
import { DEFAULT_POLICY } from '../domain/policy.ts';
import type { Purpose } from '../domain/submission.ts';
import type { Claimed } from '../store/delivery-claim.ts';
import type { Facts } from '../store/delivery-facts.ts';
import type { Mapper } from '../webhooks/outbound.ts';

/** A claimed delivery whose facts could be opened. */
export type Readable = Claimed & { readonly facts: Facts };

/** The body of a delivery, or why there is none. */
export type Rendered =
  | { readonly kind: 'body'; readonly contentType: string; readonly body: Buffer }
  | { readonly kind: 'failed'; readonly reason: string; readonly detail: string };

const JSON_TYPE = 'application/json';

/** Renders what an endpoint is sent of an event, from the lead and the customer as they were read with the claim. */
export async function renderDelivery(
  claimed: Readable,
  { endpoint }: SendingEndpoint,
  mapper: Mapper,
): Promise<Rendered> {
  const { payload: mode, mapping } = endpoint.settings;
  const { event, facts, previousSequence } = claimed;
  const told = { event, previousSequence, ...facts, consents: consentsOf(claimed) };
  const whole = payloadOf(told, mode);
  if (mapping === null) {
    const body = Buffer.from(JSON.stringify(whole));
    if (body.length <= PAYLOAD_MAX_BYTES) return { kind: 'body', contentType: JSON_TYPE, body }; // nearly every one
  }
  const payload = fitted(whole, Buffer.byteLength, PAYLOAD_MAX_BYTES);
  if (mapping === null) return bodyOf(payload, () => payloadOf(told, 'thin'));
  const mapped = await mapper.evaluate(mapping, payload);
  if (mapped.kind === 'failed') return { kind: 'failed', reason: mapped.code, detail: mapped.detail };
  return { kind: 'body', contentType: JSON_TYPE, body: Buffer.from(JSON.stringify(mapped.value)) };
}

/** A body that is too large even without its submission's fields has ids only. */
function bodyOf(payload: Payload, thin: () => Payload): Rendered {
  const body = Buffer.from(JSON.stringify(payload));
  if (body.length <= PAYLOAD_MAX_BYTES) return { kind: 'body', contentType: JSON_TYPE, body };
  return { kind: 'body', contentType: JSON_TYPE, body: Buffer.from(JSON.stringify(thin())) };
}

/** What stands for each purpose now: what was stated, else the policy's default. */
export function consentsOf({ facts }: Pick<Readable, 'facts'>): Readonly<Record<Purpose, boolean>> {
  return { ...DEFAULT_POLICY.consent_default, ...facts.consentDefaults, ...facts.consents };
}

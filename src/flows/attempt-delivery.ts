import { REDRIVEN_CLAIMS } from '../domain/delivery.ts';
import type { SendingEndpoint } from '../domain/endpoint.ts';
import type { Instant } from '../domain/instant.ts';
import { type AttemptResult, type Verdict, verdictOf } from '../domain/retry.ts';
import type { Claimed } from '../store/delivery-claim.ts';
import type { SettledAttempt, Settlement } from '../store/delivery-settle.ts';
import { deliveryHeaders } from '../webhooks/headers.ts';
import { judgeAnswer } from '../webhooks/judge-answer.ts';
import type { Outbound, Sent } from '../webhooks/outbound.ts';
import type { Signer } from '../webhooks/sign.ts';
import { consentsOf, type Readable } from './render-delivery.ts';

/** What attempts need of the process. */
export interface AttemptDeps {
  readonly outbound: Outbound;
  readonly signer: Signer;
  readonly clock: () => Instant;
  readonly chance: () => number; // uniform in [0, 1)
  readonly version: string;
}

/** What a receiver is told although the person has not consented: that they have withdrawn, or are erased. */
const ALWAYS_TOLD = new Set(['lead.erased', 'customer.consent_changed']);

/** Why a delivery is not to be sent at all; null: it is. */
export function notSent(claimed: Readable, { endpoint }: SendingEndpoint, now: Instant): Settlement | null {
  const { deadline_seconds: deadline, purpose } = endpoint.settings;
  const { event } = claimed;
  const redriven = claimed.held.claims >= REDRIVEN_CLAIMS; // by somebody who knows that it is late
  if (deadline !== null && !redriven && now - event.recordedAt > deadline * 1000) {
    return { ...unsent(claimed, now), state: 'dead', reason: 'deadline_passed' };
  }
  const asked = purpose !== null && event.customerId !== null && !ALWAYS_TOLD.has(event.type);
  if (asked && !consentsOf(claimed)[purpose]) {
    return { ...unsent(claimed, now), state: 'withheld', reason: `no_consent:${purpose}` };
  }
  return null;
}

/** A claim that is given back as it was. */
export function givenBack(claimed: Claimed, now: Instant): Settlement {
  return unsent(claimed, now);
}

/** Why a body could not be made: a code, and a sentence without anything of the person. */
export interface RenderFault {
  readonly reason: string;
  readonly detail: string;
}

/** A delivery whose body could not be made: it is tried again like one that was rejected, with a body made anew. */
export function unrendered(
  claimed: Claimed,
  sending: SendingEndpoint,
  { reason, detail }: RenderFault,
  now: Instant,
  chance: number,
): Settlement {
  const result = { kind: 'failed', result: reason, status: null, fault: 'rejected', retryAfterMs: null } as const;
  const attempt = { at: now, duration: 0, result: reason, status: null, excerpt: detail };
  return settlementOf(claimed, sending, verdict(claimed, sending, result, now, chance), attempt, now);
}

/** Sends a delivery's bytes and says what it came to. */
export async function attemptDelivery(
  deps: AttemptDeps,
  claimed: Readable,
  sending: SendingEndpoint,
  { contentType, body }: { readonly contentType: string; readonly body: Buffer },
): Promise<{
  readonly sent: Sent;
  readonly result: AttemptResult;
  readonly verdict: Verdict;
  readonly settlement: Settlement;
}> {
  const { endpoint, secrets, headers } = sending;
  const { id, version, url, settings } = endpoint;
  const { event, held, facts } = claimed;
  const at = deps.clock();
  const signed = { ...deps.signer.signatureHeaders(secrets, event.id, at, body) };
  const sent = await deps.outbound.sender.send(
    { id, version, connections: settings.concurrency },
    {
      url,
      body,
      timeoutMs: settings.timeout_ms,
      headers: deliveryHeaders(deps.version, headers, signed, {
        kind: 'live',
        eventType: event.type,
        deliveryId: held.deliveryId,
        attempt: claimed.attempts,
        sequence: event.sequence,
        leadAgeSeconds: facts.lead === null ? null : secondsSince(facts.lead.lead.createdAt, at),
        eventAgeSeconds: secondsSince(event.recordedAt, at),
        contentType,
      }),
    },
  );
  const result = await judgeAnswer(sent, settings.success_when, deps.outbound.mapper);
  const now = deps.clock();
  const given = verdict(claimed, sending, result, now, deps.chance());
  const { at: begun, duration, excerpt } = sent;
  const attempt = { at: begun, duration, result: result.result, status: result.status, excerpt };
  return { sent, result, verdict: given, settlement: settlementOf(claimed, sending, given, attempt, now) };
}

function verdict(
  claimed: Claimed,
  { endpoint }: SendingEndpoint,
  result: AttemptResult,
  now: Instant,
  chance: number,
): Verdict {
  const { retry_schedule: schedule, hold } = endpoint.settings;
  return verdictOf(result, claimed, { schedule, hold }, now, chance);
}

function settlementOf(
  claimed: Claimed,
  { endpoint }: SendingEndpoint,
  given: Verdict,
  attempt: SettledAttempt,
  now: Instant,
): Settlement {
  const { recipient, purpose, payload } = endpoint.settings;
  const base = { ...unsent(claimed, now), refund: 0 as const, attempt };
  switch (given.kind) {
    case 'delivered':
      return { ...base, state: 'delivered', reason: null, given: { recipient, purpose, payload } };
    case 'dead':
      return { ...base, state: 'dead', reason: given.reason };
    case 'retry': {
      const { dueAt, refund, parked, reason } = given;
      return {
        ...base,
        state: parked ? 'parked' : 'pending',
        dueAt,
        refund,
        blocking: claimed.blocking && !parked,
        reason,
      };
    }
  }
}

function unsent(claimed: Claimed, now: Instant): Settlement {
  return {
    held: claimed.held,
    state: 'pending',
    dueAt: now,
    refund: 1,
    blocking: claimed.blocking,
    reason: null,
    attempt: null,
    given: null,
  };
}

function secondsSince(at: Instant, now: Instant): number {
  return Math.max(0, Math.floor((now - at) / 1000));
}

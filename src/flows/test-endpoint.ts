import type { SendingEndpoint } from '../domain/endpoint.ts';
import type { EventType } from '../domain/event.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import { findSendingRow } from '../store/endpoints.ts';
import { deliveryHeaders } from '../webhooks/headers.ts';
import { judgeAnswer } from '../webhooks/judge-answer.ts';
import type { Outbound, Outgoing } from '../webhooks/outbound.ts';
import { type SamplePayload, samplePayload } from '../webhooks/sample-payload.ts';
import { createSigner } from '../webhooks/sign.ts';
import { auditAct } from './act.ts';
import { type EndpointAct, noEndpoint, requirePresent } from './endpoint-act.ts';
import { openSending } from './endpoint-secrets.ts';

/** What a test of an endpoint needs of the process. */
export interface TestDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly outbound: Outbound;
  readonly version: string; // of clew
}

/** What a test came to: what was sent and what the receiver said. */
export interface EndpointTest {
  readonly delivered: boolean;
  readonly result: string; // delivered, http_500, timeout, mapping_failed …
  readonly status: number | null;
  readonly duration: number; // milliseconds
  readonly excerpt: string | null; // of the answer, or why there was nothing to send
  readonly request: { readonly headers: readonly string[]; readonly body: string } | null; // names; null: nothing was sent
}

const JSON_TYPE = 'application/json';

/**
 * Sends an endpoint a marked sample event now, paused or not, as a delivery would be sent. It counts for nothing: there is no
 * delivery and no attempt, and its health stays as it is. Throws `not_found`, `gone`.
 */
export async function testEndpoint(
  deps: TestDeps,
  act: EndpointAct,
  id: string,
  type: EventType,
): Promise<EndpointTest> {
  const row = await findSendingRow(deps.db, id);
  if (row === null) throw noEndpoint(id);
  requirePresent(row.endpoint);
  const test = await runTest(deps, act, openSending(deps.vault, row), type);
  const detail = { type, result: test.result, status: test.status };
  await deps.db.transaction().execute((tx) => auditAct(tx, act, 'endpoint.tested', { kind: 'endpoint', id }, detail));
  return test;
}

async function runTest(
  deps: TestDeps,
  act: EndpointAct,
  sending: SendingEndpoint,
  type: EventType,
): Promise<EndpointTest> {
  const { sender, mapper } = deps.outbound;
  const { endpoint } = sending;
  const { payload: mode, mapping, success_when: condition, timeout_ms: timeoutMs } = endpoint.settings;
  const eventId = act.newId();
  const sample = samplePayload({ type, mode, id: eventId, at: act.at });
  const mapped =
    mapping === null ? ({ kind: 'mapped', value: sample } as const) : await mapper.evaluate(mapping, sample);
  if (mapped.kind === 'failed') return unsent(mapped.code, mapped.detail);
  const body = Buffer.from(JSON.stringify(mapped.value));
  const headers = headersOf(deps, act, sending, sample, body);
  const outgoing: Outgoing = { url: endpoint.url, headers, body, timeoutMs };
  // Connections of its own: a test says what a new one meets, and takes none of those that deliver.
  const pool = { id: eventId, version: endpoint.version, connections: 1 };
  const sent = await sender.send(pool, outgoing);
  sender.forget(pool.id);
  const { kind, result, status } = await judgeAnswer(sent, condition, mapper);
  return {
    delivered: kind === 'delivered',
    result,
    status,
    duration: sent.duration,
    excerpt: sent.excerpt,
    request: { headers: Object.keys(headers), body: body.toString() },
  };
}

function headersOf(
  { version }: TestDeps,
  act: EndpointAct,
  { secrets, headers }: SendingEndpoint,
  { id, type, sequence, data }: SamplePayload,
  body: Buffer,
): Outgoing['headers'] {
  const signed = createSigner().signatureHeaders(secrets, id, act.at, body);
  return deliveryHeaders(
    version,
    headers,
    { ...signed },
    {
      kind: 'test',
      eventType: type,
      deliveryId: act.newId(),
      attempt: 1,
      sequence,
      leadAgeSeconds: data.lead === null ? null : 0,
      eventAgeSeconds: 0,
      contentType: JSON_TYPE,
    },
  );
}

function unsent(result: string, why: string): EndpointTest {
  return { delivered: false, result, status: null, duration: 0, excerpt: why, request: null };
}

import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { canonicalJson } from '../domain/canonical.ts';
import type { Tx } from '../store/database.ts';
import { type AnswerClaim, claimAnswer, keepAnswer } from '../store/receipts.ts';
import { grantOf } from './actor.ts';
import type { AppDeps } from './deps.ts';
import { idempotencyKey } from './idempotency-key.ts';
import { problem } from './problem.ts';

/** The answer of a change, as it is sent and, under an Idempotency-Key, kept. */
export interface Answer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly customerId?: string; // whom the body is about: erasure finds the kept answer by it
}

interface Kept {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly customer_id: string | null;
  readonly sealed: string; // the body, encrypted: it may hold a person
}

const DAY_MS = 24 * 60 * 60 * 1000;
const RECEIPT_DAYS = 90;
const TRIES = 3; // a transaction that lost a deadlock (40P01) or a serialization (40001) is tried again

/**
 * Runs a change in one transaction and sends its answer. Under an Idempotency-Key the answer is kept in the same
 * transaction: the same request again gets it with `Idempotency-Replayed: true` and changes nothing, another request
 * under the same key is `idempotency_conflict`, and one at the same time waits for the first. What `run` throws is
 * rolled back and not kept. `run` may be run again after a deadlock, so it does nothing outside its transaction. `content`
 * stands for a body that was read as a stream.
 */
export async function idempotent(
  deps: Pick<AppDeps, 'db' | 'vault' | 'clock'>,
  request: FastifyRequest,
  reply: FastifyReply,
  run: (tx: Tx) => Promise<Answer>,
  content: unknown = request.body ?? null,
): Promise<void> {
  const claim = claimOf(request, deps.clock(), content);
  for (let attempt = 1; ; attempt++) {
    try {
      const { answer, replayed } = await deps.db.transaction().execute((tx) => once(deps, tx, claim, run));
      if (replayed) reply.header('idempotency-replayed', 'true');
      await reply
        .code(answer.status)
        .headers(answer.headers ?? {})
        .send(answer.body);
      return;
    } catch (error) {
      if (attempt >= TRIES || !isLostRace(error)) throw error;
    }
  }
}

async function once(
  { vault }: Pick<AppDeps, 'vault'>,
  tx: Tx,
  claim: AnswerClaim | null,
  run: (tx: Tx) => Promise<Answer>,
): Promise<{ answer: Answer; replayed: boolean }> {
  if (claim === null) return { answer: await run(tx), replayed: false };
  const kept = await claimAnswer(tx, claim);
  if (kept === null) {
    const answer = await run(tx);
    await keepAnswer(tx, claim, {
      status: answer.status,
      headers: answer.headers ?? {},
      customer_id: answer.customerId ?? null,
      sealed: vault.sealText(JSON.stringify(answer.body)),
    } satisfies Kept);
    return { answer, replayed: false };
  }
  if (kept.answer === null || !kept.fingerprints.includes(claim.fingerprint)) throw problem('idempotency_conflict');
  if ('erased' in kept.answer) throw problem('gone');
  const { status, headers, sealed } = kept.answer as Kept;
  return { answer: { status, headers, body: JSON.parse(vault.openText(sealed)) }, replayed: true };
}

function claimOf(request: FastifyRequest, at: number, body: unknown): AnswerClaim | null {
  const key = idempotencyKey(request);
  if (key === null) return null;
  const grant = grantOf(request);
  return {
    sourceId: grant.source.id,
    key,
    fingerprint: fingerprintOf(request, grant.id, body),
    at,
    expiresAt: at + RECEIPT_DAYS * DAY_MS,
  };
}

// The key is part of it: an answer in full is not replayed to another key of the source that may see less.
function fingerprintOf({ method, url, onBehalfOf }: FastifyRequest, keyId: string, body: unknown): string {
  const content = canonicalJson([keyId, onBehalfOf, method, url, body]);
  return `1:${createHash('sha256').update(content).digest('hex')}`;
}

function isLostRace(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === '40P01' || code === '40001' || code === 'stale_root';
}

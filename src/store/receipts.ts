import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Tx } from './database.ts';

/** What a request key stands for: the source of the API key, the caller's key, the fingerprint of the content. */
export interface AnswerClaim {
  readonly sourceId: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly at: Instant;
  readonly expiresAt: Instant;
}

/** What is kept under a request key. */
export interface KeptAnswer {
  readonly fingerprints: readonly string[];
  readonly answer: object | null; // null: the key belongs to a submission
}

/**
 * Claims a request key for an answer until the transaction ends, and answers null; or answers what is kept under it. A
 * second caller waits at the primary key for the first one's end. An expired key is free.
 */
export async function claimAnswer(tx: Tx, claim: AnswerClaim): Promise<KeptAnswer | null> {
  const claimed = await tx
    .insertInto('receipt')
    .values({
      source_id: claim.sourceId,
      kind: 'request',
      key: claim.key,
      fingerprints: [claim.fingerprint],
      created_at: new Date(claim.at),
      expires_at: new Date(claim.expiresAt),
    })
    .onConflict((it) =>
      it
        .columns(['source_id', 'kind', 'key'])
        .doUpdateSet((set) => ({
          submission_id: null,
          fingerprints: set.ref('excluded.fingerprints'),
          answer: null,
          created_at: set.ref('excluded.created_at'),
          expires_at: set.ref('excluded.expires_at'),
        }))
        .where(sql<boolean>`receipt.expires_at <= ${new Date(claim.at)}`),
    )
    .returning('key')
    .executeTakeFirst();
  if (claimed !== undefined) return null;
  // A statement of its own: it sees what the one that was waited for has committed.
  return tx
    .selectFrom('receipt')
    .select(['fingerprints', 'answer'])
    .where('source_id', '=', claim.sourceId)
    .where('kind', '=', 'request')
    .where('key', '=', claim.key)
    .executeTakeFirstOrThrow();
}

/** Keeps the answer under a key that this transaction has claimed. */
export async function keepAnswer(tx: Tx, { sourceId, key }: AnswerClaim, answer: object): Promise<void> {
  await tx
    .updateTable('receipt')
    .set({ answer: JSON.stringify(answer) })
    .where('source_id', '=', sourceId)
    .where('kind', '=', 'request')
    .where('key', '=', key)
    .execute();
}

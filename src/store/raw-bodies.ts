import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';

/** A body as it arrived, unsealed. */
export interface KeptBody {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The raw bodies of submissions, by submission id; those past their retention are missing. */
export async function readRawBodies(
  db: Db,
  vault: Vault,
  submissions: readonly { readonly submissionId: string; readonly receivedAt: Instant }[],
): Promise<ReadonlyMap<string, KeptBody>> {
  if (submissions.length === 0) return new Map();
  const ids = submissions.map((submission) => submission.submissionId);
  const times = submissions.map((submission) => new Date(submission.receivedAt).toISOString());
  const found = await sql<{ submission_id: string; content_type: string; body: Buffer; sealed: boolean }>`
    select r.submission_id, r.content_type, r.body, r.sealed
    from unnest(${ids}::uuid[], ${times}::timestamptz[]) u(id, at)
    join raw_body r on r.submission_id = u.id and r.received_at = u.at`.execute(db);
  return new Map(
    found.rows.map((row) => [
      row.submission_id,
      { contentType: row.content_type, body: row.sealed ? vault.open(row.body) : row.body },
    ]),
  );
}

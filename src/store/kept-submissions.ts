import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Fields } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import type { KeptBody } from './raw-bodies.ts';
import { readPhone } from './sealed-phone.ts';

/** A submission as it was read once, with the body that it came as. */
export interface KeptSubmission {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly occurredAt: Instant;
  readonly externalId: string | null;
  readonly phone: string | null; // E.164
  readonly fields: Fields;
  readonly body: KeptBody;
}

/**
 * Submissions of a source whose bodies are kept, newest first, of those that its keys stand for: what was quarantined and then
 * corrected is not among them, nor what was erased or kept without content.
 */
export async function listKeptSubmissions(
  db: Db,
  vault: Vault,
  which: { readonly sourceId: string; readonly since: Instant; readonly limit: number },
): Promise<readonly KeptSubmission[]> {
  const since = new Date(which.since);
  const found = await sql<{
    id: string;
    received_at: Instant;
    occurred_at: Instant;
    external_id: string | null;
    phone: string | null;
    fields: Fields;
    content_type: string;
    body: Buffer;
    sealed: boolean;
  }>`
    with known as (
      select distinct submission_id as id from receipt
      where source_id = ${which.sourceId}::uuid and submission_id is not null and created_at >= ${since}
    )
    select s.id, s.received_at, s.occurred_at, s.external_id, s.phone, s.fields, r.content_type, r.body, r.sealed
    from known join submission s on s.id = known.id
      join raw_body r on r.submission_id = s.id and r.received_at = s.received_at
    where s.fields is not null and s.decision <> 'quarantined' and s.completes is null and s.received_at >= ${since}
    order by s.received_at desc, s.id desc limit ${which.limit}`.execute(db);
  return found.rows.map((row) => ({
    id: row.id,
    receivedAt: row.received_at,
    occurredAt: row.occurred_at,
    externalId: row.external_id,
    phone: readPhone(vault, row.phone),
    fields: row.fields,
    body: { contentType: row.content_type, body: row.sealed ? vault.open(row.body) : row.body },
  }));
}

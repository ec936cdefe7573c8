import { sql } from 'kysely';
import type { Attempt, Delivery } from '../domain/delivery.ts';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';

type Named = Pick<Delivery, 'id' | 'createdAt'>;

/** A page of the attempts of a delivery, newest first; `before` is the number of the last one already seen. */
export async function listAttempts(
  db: Db,
  { id, createdAt }: Named,
  page: { readonly before: number | null; readonly limit: number },
): Promise<readonly Attempt[]> {
  let query = db
    .selectFrom('attempt')
    .selectAll()
    .where('delivery_id', '=', id)
    .where('created_at', '=', sql<Instant>`${new Date(createdAt)}`)
    .orderBy('number', 'desc')
    .limit(page.limit);
  if (page.before !== null) query = query.where('number', '<', page.before);
  return (await query.execute()).map((row) => ({
    deliveryId: row.delivery_id,
    number: row.number,
    at: row.at,
    duration: row.duration,
    result: row.result,
    status: row.status,
    excerpt: row.excerpt,
  }));
}

/** When a delivery is tried next, in the past too while it waits for its turn; null when nothing more happens by itself. */
export async function nextAttemptAt(
  db: Db,
  { id, endpointId, eventId, leadId, customerId }: Delivery,
): Promise<Instant | null> {
  const row = await db
    .selectFrom('delivery_due')
    .select('due_at')
    .where('endpoint_id', '=', endpointId)
    .where('stream', '=', leadId ?? customerId ?? eventId)
    .where('delivery_id', '=', id)
    .executeTakeFirst();
  return row?.due_at ?? null;
}

/** The bytes that every attempt of a delivery sends; null before the first, after an erasure and past their retention. */
export async function readDeliveryBody(
  db: Db,
  vault: Vault,
  { id, createdAt }: Named,
): Promise<{ readonly contentType: string; readonly body: Buffer } | null> {
  const row = await db
    .selectFrom('delivery_body')
    .selectAll()
    .where('delivery_id', '=', id)
    .where('created_at', '=', sql<Instant>`${new Date(createdAt)}`)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { contentType: row.content_type, body: row.sealed ? vault.open(row.body) : row.body };
}

/** Whether bodies of an endpoint may hold persons in full: it is or ever was `full`. Its audit is never dropped. */
export async function wasEverFull(db: Db, endpointId: string): Promise<boolean> {
  const { rows } = await sql<{ full: boolean }>`
    select exists (select from endpoint where id = ${endpointId} and settings->>'payload' = 'full')
      or exists (select from audit where subject_id = ${endpointId}::text and subject_kind = 'endpoint'
        and detail->>'payload' = 'full') as full`.execute(db);
  return rows[0]?.full === true;
}

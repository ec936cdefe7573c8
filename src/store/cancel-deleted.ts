import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Tx } from './database.ts';

/**
 * Cancels up to `limit` deliveries that were still to be sent to endpoints that are deleted, and answers how many. What is being
 * sent this moment is left to its worker.
 */
export async function cancelOfDeleted(tx: Tx, now: Instant, limit: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    with picked as materialized (
      select q.endpoint_id, q.stream, q.sequence, q.delivery_id from endpoint p
      cross join lateral (
        select * from delivery_due q where q.endpoint_id = p.id
          and (q.lease_until is null or q.lease_until <= clock_timestamp())
        order by q.due_at limit ${limit} for update skip locked
      ) q where p.state = 'deleted' limit ${limit}
    ),
    gone as (
      delete from delivery_due q using picked p where q.endpoint_id = p.endpoint_id and q.stream = p.stream
        and q.sequence = p.sequence and q.delivery_id = p.delivery_id
      returning q.delivery_id, q.created_at
    ),
    told as (
      update delivery d set state = 'cancelled', reason = 'endpoint_deleted', settled_at = ${new Date(now)},
        failed_at = ${new Date(now)}
      from gone g where d.id = g.delivery_id and d.created_at = g.created_at
    )
    select count(*)::integer as n from gone`.execute(tx);
  return rows[0]?.n ?? 0;
}

import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';

/** Where a pass over the open leads stands: everything up to here has been looked at. */
export interface IdlePage {
  readonly createdAt: Instant;
  readonly id: string;
}

/** A page of the pass: how many rows were looked at, which customers have an idle lead, and where to go on; null at the end. */
export interface IdleFound {
  readonly looked: number;
  readonly customerIds: readonly string[];
  readonly next: IdlePage | null;
}

/**
 * Looks through `size` leads created before the limit, in the order of the list's index, for open ones whose last activity and
 * last receipt are both at or before it. There is no index on activity: it would be written at every touch.
 */
export async function findIdleLeads(
  db: Db | Tx,
  limit: Instant,
  after: IdlePage | null,
  size: number,
): Promise<IdleFound> {
  const from = after ?? { createdAt: 0, id: '00000000-0000-0000-0000-000000000000' };
  const until = new Date(limit);
  const { rows } = await sql<{ customer_id: string; created_at: number; id: string; idle: boolean }>`
    select customer_id, created_at, id,
      state in ('new', 'assigned', 'following') and merged_into is null and hidden is null
        and last_activity_at <= ${until} and last_received_at <= ${until} as idle
    from lead
    where (created_at, id) > (${new Date(from.createdAt)}, ${from.id}::uuid) and created_at <= ${until}
    order by created_at, id limit ${size}`.execute(db);
  const last = rows.at(-1);
  return {
    looked: rows.length,
    customerIds: [...new Set(rows.filter((row) => row.idle).map((row) => row.customer_id))],
    next: last === undefined || rows.length < size ? null : { createdAt: last.created_at, id: last.id },
  };
}

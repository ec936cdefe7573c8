import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** Deletes the kept bodies of an endpoint's deliveries that may still be sent: they are rendered anew. Answers how many. */
export async function forgetBodies(tx: Tx, endpointId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from delivery_body b
    using (
      select d.delivery_id, d.created_at from delivery_due d
      where d.endpoint_id = ${endpointId} and d.claims > 0
      union all
      select v.id, v.created_at from delivery v where v.endpoint_id = ${endpointId} and v.failed_at is not null
    ) o
    where b.delivery_id = o.delivery_id and b.created_at = o.created_at`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

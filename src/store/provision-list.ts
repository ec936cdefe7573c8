import { type Selectable, sql } from 'kysely';
import type { Db } from './database.ts';
import { tracesOf } from './person-events.ts';
import type { ProvisionTable } from './tables.ts';

/** Who was given something about a person, with the endpoint as it is now. */
export interface ListedProvision extends Omit<Selectable<ProvisionTable>, 'last_sequence'> {
  readonly lead_id: string | null; // null: of the customer, not of a lead
  readonly endpoint_description: string | null;
  readonly endpoint_state: 'active' | 'paused' | 'deleted' | null;
}

/** Every receiver of a person, by the customer's id or that of an alias, erased or not; latest first. */
export async function listProvisions(db: Db, customerId: string): Promise<readonly ListedProvision[]> {
  const { family } = await tracesOf(db, customerId);
  const { rows } = await sql<ListedProvision>`
    select v.*, case when v.stream = any(${family}::uuid[]) then null else v.stream end as lead_id,
      p.description as endpoint_description, p.state as endpoint_state
    from (
      select * from provision where customer_id = any(${family}::uuid[])
      union
      select v.* from lead l join provision v on v.stream = l.id where l.customer_id = any(${family}::uuid[])
    ) v
    left join endpoint p on p.id = v.endpoint_id
    order by v.last_sent_at desc nulls last, v.endpoint_id, v.stream`.execute(db);
  return rows;
}

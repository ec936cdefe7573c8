import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** A lead that has to find somebody, and the customer as it was written. */
export interface Waiting {
  readonly id: string;
  readonly customerId: string;
}

/** In which stores leads wait, by code; null: HQ. As many steps in the index as there are stores. */
export async function pooledStores(tx: Tx): Promise<readonly (string | null)[]> {
  const { rows } = await sql<{ store: string | null }>`
    with recursive found as (
      (select store from lead where pooled_since is not null and store is not null order by store limit 1)
      union all
      select (select l.store from lead l where l.pooled_since is not null and l.store > found.store order by l.store limit 1)
      from found where found.store is not null
    )
    select store from found where store is not null
    union all (select store from lead where pooled_since is not null and store is null limit 1)`.execute(tx);
  return rows.map(({ store }) => store);
}

/** The leads that wait in a store (null: HQ), the best rated first, then the oldest. */
export async function pooledIn(tx: Tx, store: string | null, size: number): Promise<readonly Waiting[]> {
  const found: Waiting[] = [];
  for (const rating of ['high', 'medium', 'low', null]) {
    if (found.length >= size) break;
    const { rows } = await sql<{ id: string; customer_id: string }>`
      select id, customer_id from lead
      where pooled_since is not null and state in ('new', 'assigned', 'following') and merged_into is null and hidden is null
        and ${store === null ? sql`store is null` : sql`store = ${store}`}
        and ${rating === null ? sql`rating is null` : sql`rating = ${rating}`}
      order by pooled_since, id limit ${size - found.length}`.execute(tx);
    found.push(...rows.map(({ id, customer_id }) => ({ id, customerId: customer_id })));
  }
  return found;
}

/** Open leads of an adviser, of one store or (null) of all, by id. */
export async function openLeadsOf(
  tx: Tx,
  owner: string,
  store: string | null,
  size: number,
): Promise<readonly Waiting[]> {
  const { rows } = await sql<{ id: string; customer_id: string }>`
    select id, customer_id from lead
    where owner = ${owner} and state in ('new', 'assigned', 'following') and merged_into is null and hidden is null
      and ${store === null ? sql`true` : sql`store = ${store}`}
    order by id limit ${size}`.execute(tx);
  return rows.map(({ id, customer_id }) => ({ id, customerId: customer_id }));
}

import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { EMPTY_PROFILE, type Profile } from '../domain/profile.ts';
import type { Rating } from '../domain/rating.ts';
import type { Tx } from './database.ts';

/** A lead that has to find somebody, and the customer as it was written. */
export interface Waiting {
  readonly id: string;
  readonly customerId: string;
}

/** Where a lead stands in its pool. */
export interface PoolMark {
  readonly rating: Rating | null;
  readonly since: Instant;
  readonly id: string;
}

/** A lead that waits in a pool, with what says who could have it; the city of its customer only where it is in no store. */
export interface Pooled extends Waiting, Pick<Lead, 'skill' | 'takenFrom' | 'lastActivityAt' | 'lastReceivedAt'> {
  readonly profile: Profile | null;
  readonly mark: PoolMark;
}

// As the index of pools has it: what is closed or owned waits for nobody.
const WAITS = sql`pooled_since is not null and owner is null and state in ('new', 'assigned', 'following')
  and merged_into is null and hidden is null`;

/** In which stores leads wait, by code; null: HQ. As many steps in the index as there are stores. */
export async function pooledStores(tx: Tx): Promise<readonly (string | null)[]> {
  const { rows } = await sql<{ store: string | null }>`
    with recursive found as (
      (select store from lead where ${WAITS} and store is not null order by store limit 1)
      union all
      select (select l.store from lead l where ${WAITS} and l.store > found.store order by l.store limit 1)
      from found where found.store is not null
    )
    select store from found where store is not null
    union all (select store from lead where ${WAITS} and store is null limit 1)`.execute(tx);
  return rows.map(({ store }) => store);
}

interface PooledRow {
  readonly id: string;
  readonly customer_id: string;
  readonly skill: string | null;
  readonly taken_from: Lead['takenFrom'];
  readonly last_activity_at: number;
  readonly last_received_at: number;
  readonly pooled_since: number;
  readonly profile: Partial<Profile> | null;
}

// Whoever is in no store is looked for by the city of its customer, which may be merged into another.
const PROFILE = sql`(select c.profile from customer c
  where c.id = coalesce((select a.customer_id from customer_alias a where a.alias_id = l.customer_id), l.customer_id))`;
const ORDER: readonly (Rating | null)[] = ['high', 'medium', 'low', null];

/** The leads that wait in a store (null: HQ) behind a mark, the best rated first, then the oldest. */
export async function pooledIn(
  tx: Tx,
  store: string | null,
  after: PoolMark | null,
  size: number,
): Promise<readonly Pooled[]> {
  const found: Pooled[] = [];
  const ratings = ORDER.slice(after === null ? 0 : ORDER.indexOf(after.rating));
  for (const rating of ratings) {
    if (found.length >= size) break;
    const behind = after !== null && after.rating === rating;
    const { rows } = await sql<PooledRow>`
      select id, customer_id, skill, taken_from, last_activity_at, last_received_at, pooled_since, ${store === null ? PROFILE : sql`null::jsonb`} as profile
      from lead l
      where ${WAITS} and ${store === null ? sql`store is null` : sql`store = ${store}`}
        and ${rating === null ? sql`rating is null` : sql`rating = ${rating}`}
        and ${behind ? sql`(pooled_since, id) > (${new Date(after.since)}, ${after.id})` : sql`true`}
      order by pooled_since, id limit ${size - found.length}`.execute(tx);
    found.push(...rows.map((row) => pooledOf(row, rating)));
  }
  return found;
}

function pooledOf(row: PooledRow, rating: Rating | null): Pooled {
  return {
    id: row.id,
    customerId: row.customer_id,
    skill: row.skill,
    takenFrom: row.taken_from,
    lastActivityAt: row.last_activity_at,
    lastReceivedAt: row.last_received_at,
    profile: row.profile === null ? null : { ...EMPTY_PROFILE, ...row.profile },
    mark: { rating, since: row.pooled_since, id: row.id },
  };
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

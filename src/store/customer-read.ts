import { type Selectable, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Customer } from '../domain/person.ts';
import type { Identity, Purpose } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { type CustomerRow, customerOf } from './customer-rows.ts';
import type { Db } from './database.ts';
import type { ConsentTable, IdentityTable, MergeTable } from './tables.ts';

/** A root customer found by an id, which may be that of an alias. */
export interface FoundCustomer {
  readonly asked: string;
  readonly customer: Customer;
  readonly erasedAt: Instant | null;
}

/** Customers by id, an alias as its root, erased ones too; unknown ids are missing. */
export async function findCustomers(db: Db, ids: readonly string[]): Promise<readonly FoundCustomer[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<CustomerRow & { asked: string }>`
    select u.id as asked, c.* from unnest(${ids}::uuid[]) u(id)
    left join customer_alias a on a.alias_id = u.id
    join customer c on c.id = coalesce(a.customer_id, u.id)`.execute(db);
  return rows.map((row) => ({ asked: row.asked, customer: customerOf(row), erasedAt: row.erased_at }));
}

/** A root customer's ids: its own and those of its aliases. */
export async function membersOf(db: Db, root: string): Promise<readonly string[]> {
  const aliases = await db.selectFrom('customer_alias').select('alias_id').where('customer_id', '=', root).execute();
  return [root, ...aliases.map((row) => row.alias_id)];
}

/**
 * Customers that these were ever merged with or split from, whether or not it was undone, and theirs: what was written about a
 * lead before or meanwhile stands under their ids. A customer made by a split has that among its first events.
 */
export async function partnersOf(db: Db, members: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive known as (
      select id from unnest(${members}::uuid[]) id
      union
      select other.id from known cross join lateral (
        select survivor_id as id from merge where absorbed_id = known.id
        union all select absorbed_id from merge where survivor_id = known.id
        union all select (e.data->>'from_customer')::uuid from (
          select type, data from event where customer_id = known.id order by recorded_at limit 5
        ) e where e.type = 'lead.split' and e.data->>'to_customer' = known.id::text
      ) other
    ) select id from known where id <> all(${members}::uuid[])`.execute(db);
  return rows.map((row) => row.id);
}

/** An identity of a customer, in clear. */
export interface HeldIdentity {
  readonly id: string;
  readonly identity: Identity;
  readonly createdAt: Instant;
}

/** Every identity of a customer, oldest first. */
export async function listIdentities(
  db: Db,
  vault: Vault,
  members: readonly string[],
): Promise<readonly HeldIdentity[]> {
  const { rows } = await sql<Selectable<IdentityTable>>`
    select * from identity where customer_id = any(${members}::uuid[]) order by created_at, id`.execute(db);
  return rows.map(({ id, kind, namespace, value, sealed, created_at }) => ({
    id,
    identity: {
      kind: kind as Identity['kind'],
      namespace,
      value: sealed === null ? value : vault.openText(sealed),
    },
    createdAt: created_at,
  }));
}

/** What a customer stated last of each purpose, by the date of the statement; of one date, a withdrawal goes before a grant. */
export async function latestConsents(
  db: Db,
  members: readonly string[],
): Promise<ReadonlyMap<Purpose, Selectable<ConsentTable>>> {
  const { rows } = await sql<Selectable<ConsentTable>>`
    select distinct on (purpose) * from consent where customer_id = any(${members}::uuid[])
    order by purpose, stated_at desc, granted, recorded_at desc, id desc`.execute(db);
  return new Map(rows.map((row) => [row.purpose, row]));
}

/** Merges that a customer took part in, newest first, those undone too. */
export async function listMerges(
  db: Db,
  members: readonly string[],
): Promise<readonly Omit<Selectable<MergeTable>, 'record'>[]> {
  return db
    .selectFrom('merge')
    .select(['id', 'survivor_id', 'absorbed_id', 'reason', 'actor', 'created_at', 'undone_at'])
    .where((it) => it.or([it('survivor_id', 'in', members), it('absorbed_id', 'in', members)]))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

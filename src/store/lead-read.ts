import { type Selectable, sql } from 'kysely';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import { LISTABLE, LISTED, type ListedLead, type ListedRow, listedLeadOf } from './listed-lead.ts';
import type { DealTable } from './tables.ts';

/** A lead found by an id, which may be that of one merged into it. */
export interface FoundLead extends ListedLead {
  readonly asked: string;
}

/** Leads by id; one that was merged away is its survivor, erased and reverted ones too; unknown ids are missing. */
export async function findLeads(db: Db, vault: Vault, ids: readonly string[]): Promise<readonly FoundLead[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<ListedRow & { asked: string }>`
    with recursive chain as (
      select u.id as asked, l.id, l.merged_into from unnest(${ids}::uuid[]) u(id) join lead l on l.id = u.id
      union all
      select chain.asked, l.id, l.merged_into from chain join lead l on l.id = chain.merged_into
    )
    select chain.asked, ${LISTED}
    from chain join lead l on l.id = chain.id
    left join customer_alias a on a.alias_id = l.customer_id
    join customer c on c.id = coalesce(a.customer_id, l.customer_id)
    where chain.merged_into is null`.execute(db);
  return rows.map((row) => ({ asked: row.asked, ...listedLeadOf(row, vault) }));
}

/** Every lead of the root customers given that is shown in lists, newest first. */
export async function listLeadsOf(db: Db, vault: Vault, roots: readonly string[]): Promise<readonly ListedLead[]> {
  if (roots.length === 0) return [];
  const { rows } = await sql<ListedRow>`
    select ${LISTED} from (
      select id as root, id as member from unnest(${roots}::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any(${roots}::uuid[])
    ) f
    join lead l on l.customer_id = f.member
    join customer c on c.id = f.root
    where ${LISTABLE} order by l.created_at desc, l.id desc`.execute(db);
  return rows.map((row) => listedLeadOf(row, vault));
}

/** The leads given and every lead that was merged into one of them. */
export async function mergedLeadIds(db: Db, ids: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive merged as (
      select id from unnest(${ids}::uuid[]) id
      union select l.id from merged join lead l on l.merged_into = merged.id
    ) select id from merged`.execute(db);
  return rows.map((row) => row.id);
}

/** Won deals, refunds and voids of leads, in the order that they happened. */
export async function listDeals(db: Db, leadIds: readonly string[]): Promise<readonly Selectable<DealTable>[]> {
  return db
    .selectFrom('deal')
    .selectAll()
    .where('lead_id', 'in', leadIds)
    .orderBy('occurred_at')
    .orderBy('recorded_at')
    .orderBy('id')
    .execute();
}

import { sql } from 'kysely';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import type { ListedLead } from './listed-lead.ts';

/** What won deals have brought, refunds and voids taken off. */
export interface WonAmount {
  readonly amount: number; // minor units
  readonly currency: string;
}

/** What an export says of leads beyond the leads themselves. */
export interface LeadExtras {
  readonly wechat: ReadonlyMap<string, string>; // by root customer: the oldest one
  readonly won: ReadonlyMap<string, readonly WonAmount[]>; // by lead, one a currency
}

/** The extras of a page of leads, in two statements however many they are. */
export async function readLeadExtras(db: Db, vault: Vault, page: readonly ListedLead[]): Promise<LeadExtras> {
  const roots = [...new Set(page.map(({ root }) => root))];
  const ids = page.map(({ lead }) => lead.id);
  return { wechat: await wechatOf(db, vault, roots), won: await wonBy(db, ids) };
}

async function wechatOf(db: Db, vault: Vault, roots: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ root: string; value: string; sealed: string | null }>`
    select distinct on (f.root) f.root, i.value, i.sealed from (
      select id as root, id as member from unnest(${roots}::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any(${roots}::uuid[])
    ) f join identity i on i.customer_id = f.member and i.kind = 'wechat'
    order by f.root, i.created_at, i.id`.execute(db);
  return new Map(rows.map(({ root, value, sealed }) => [root, sealed === null ? value : vault.openText(sealed)]));
}

/** Deals stay with the lead that they were won on, also where it was merged into another. */
async function wonBy(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, readonly WonAmount[]>> {
  const { rows } = await sql<{ lead: string; currency: string; amount: string }>`
    with recursive family as (
      select id as lead, id as member from unnest(${ids}::uuid[]) id
      union select f.lead, l.id from family f join lead l on l.merged_into = f.member
    )
    select f.lead, d.currency, sum(d.amount)::text as amount from family f join deal d on d.lead_id = f.member
    group by f.lead, d.currency order by f.lead, d.currency`.execute(db);
  const found = new Map<string, WonAmount[]>();
  for (const { lead, currency, amount } of rows) {
    found.set(lead, [...(found.get(lead) ?? []), { amount: Number(amount), currency }]);
  }
  return found;
}

import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

/** A page of a pass over all leads: the open ones among those looked at, and the id to go on after; null at the end. */
export interface OpenPage {
  readonly leads: readonly { readonly id: string; readonly customerId: string }[];
  readonly next: string | null;
}

/** Looks through `size` leads in the order of their ids for open ones. */
export async function findOpenLeads(db: Db | Tx, after: string | null, size: number): Promise<OpenPage> {
  const from = after ?? '00000000-0000-0000-0000-000000000000';
  const { rows } = await sql<{ id: string; customer_id: string; open: boolean }>`
    select id, customer_id,
      state in ('new', 'assigned', 'following') and merged_into is null and hidden is null as open
    from lead where id > ${from}::uuid order by id limit ${size}`.execute(db);
  const leads = rows.filter(({ open }) => open).map(({ id, customer_id: customerId }) => ({ id, customerId }));
  return { leads, next: rows.length < size ? null : (rows.at(-1)?.id ?? null) };
}

import { sql } from 'kysely';
import type { Db } from './database.ts';

/** How many open leads a store or an adviser has. */
export async function countOpenLeads(db: Db, of: 'store' | 'owner', code: string): Promise<number> {
  const row = await db
    .selectFrom('lead')
    .select(({ fn }) => fn.countAll<number>().as('open'))
    .where(of, '=', code)
    .where(sql<boolean>`state in ('new','assigned','following') and merged_into is null and hidden is null`)
    .executeTakeFirstOrThrow();
  return Number(row.open);
}

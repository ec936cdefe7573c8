import { type RawBuilder, sql } from 'kysely';
import type { Db } from './database.ts';

/** The id of the lead that has an external_ref itself, merged away or not; null: none has. */
export async function leadOfExternalRef(db: Db, externalRef: string): Promise<string | null> {
  const row = await db.selectFrom('lead').select('id').where('external_ref', '=', externalRef).executeTakeFirst();
  return row?.id ?? null;
}

/** That lead `l` has an external_ref, or that the lead which has it was merged into `l`. */
export function knownAs(externalRef: string): RawBuilder<unknown> {
  return sql`l.id in (
    with recursive taken as (
      select id, merged_into from lead where external_ref = ${externalRef}
      union select n.id, n.merged_into from taken join lead n on n.id = taken.merged_into
    ) select id from taken)`;
}

import { type RawBuilder, sql } from 'kysely';

/**
 * Whether any standing touch of lead `l` has a channel or came by a source, as the reports count. First and last source say it
 * for leads of up to two touches; only beyond that are touches looked through, those of leads merged into it too.
 */
export function touchedBy(column: 'channel' | 'source_id', value: string): RawBuilder<boolean> {
  return sql<boolean>`(
    l.first_source->>${sql.lit(column)} = ${value} or l.last_source->>${sql.lit(column)} = ${value}
    or l.touch_count > 2 and exists (
      with recursive merged as (
        select l.id union all select m.id from merged join lead m on m.merged_into = merged.id
      )
      select from merged join touch t on t.lead_id = merged.id
      where t.voided_at is null and t.${sql.ref(column)} = ${value}
    )
  )`;
}

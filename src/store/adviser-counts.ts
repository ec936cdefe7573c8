import type { Instant } from '../domain/instant.ts';
import { texts, times } from './column.ts';
import type { Session } from './session.ts';

/** Whose leads are counted: all that are open, and those given since a moment, also what is theirs no more; null: not counted. */
export interface Counting {
  readonly adviser: string;
  readonly since: Instant | null;
}

/** Leads by adviser. */
export interface AdviserCounts {
  readonly open: ReadonlyMap<string, number>;
  readonly given: ReadonlyMap<string, number>;
}

const COUNT = {
  name: 'count_leads_of_advisers',
  text: `select a.code,
      (select count(*)::integer from lead l where l.owner = a.code and l.state in ('new', 'assigned', 'following')
        and l.merged_into is null and l.hidden is null) as open,
      case when a.since is null then 0 else
        (select count(distinct e.lead_id)::integer from event e where e.data->>'owner' = a.code and e.recorded_at >= a.since
          and (e.type = 'lead.assigned'
            or (e.type = 'lead.owner_changed' and e.data->>'owner' is distinct from e.data->>'former_owner'))) end as given
    from unnest($1::text[], $2::timestamptz[]) a(code, since)`,
};

/** How many leads advisers have, and were given since a moment of each; exact once their pools are locked. */
export async function countLeadsOf(session: Session, asked: readonly Counting[]): Promise<AdviserCounts> {
  if (asked.length === 0) return { open: new Map(), given: new Map() };
  const rows = await session.run<{ code: string; open: number; given: number }>(COUNT, [
    texts(asked.map(({ adviser }) => adviser)),
    times(asked.map(({ since }) => since)),
  ]);
  return {
    open: new Map(rows.map(({ code, open }) => [code, open])),
    given: new Map(rows.map(({ code, given }) => [code, given])),
  };
}

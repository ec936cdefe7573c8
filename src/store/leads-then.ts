import type { Instant } from '../domain/instant.ts';
import type { Sample } from '../domain/sample.ts';
import { plain } from './column.ts';
import type { Db } from './database.ts';
import type { MemberThen } from './score-facts.ts';
import type { Session } from './session.ts';

/** SQL: whether the customer of a lead is in a sample of so many buckets, which its id carries. */
export const IN_SAMPLE = "('x' || substr(customer_id::text, 16, 3))::bit(12)::integer";

/** How many leads had been recorded by a moment; those erased or taken back since are left out. */
export async function countLeadsBy(db: Db, then: Instant): Promise<number> {
  const row = await db
    .selectFrom('lead')
    .select(({ fn }) => fn.countAll<number>().as('leads'))
    .where('recorded_at', '<=', new Date(then) as never)
    .where('hidden', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(row.leads);
}

/** Which leads a step is about: those of the next so many customers of a sample. */
export interface PageThen {
  readonly after: string;
  readonly size: number;
  readonly sample: Sample;
  readonly asOf: Instant;
}

/** A page of the leads that were open at a moment by what had been recorded; `next`: the customer to go on after, null at the end. */
export interface LeadsThen {
  readonly leads: readonly { readonly id: string; readonly root: string }[];
  readonly members: readonly MemberThen[];
  readonly next: string | null;
}

// Merges that stood at the moment $2.
const STOOD = 'm.created_at <= $2 and (m.undone_at is null or m.undone_at > $2)';

const OPEN = {
  name: 'open_leads_then',
  // A lead's events are written under the root that it had: `known` are all that it may be. The last one that names a state says
  // what it was; a lead whose events went another way (a touch was split off since) is told by its row.
  text: `with recursive page as (
      select distinct customer_id from lead
      where customer_id > $1 and recorded_at <= $2 and hidden is null and ${IN_SAMPLE} < $4 order by customer_id limit $3
    ), up(customer_id, root) as (
      select customer_id, customer_id from page
      union select up.customer_id, m.survivor_id from up join merge m on m.absorbed_id = up.root and ${STOOD}
    ), known(customer_id, id) as (
      select customer_id, customer_id from page
      union select k.customer_id, o.id from known k cross join lateral (
        select survivor_id as id from merge where absorbed_id = k.id
        union all select absorbed_id from merge where survivor_id = k.id) o
    )
    select p.customer_id, l.id, up.root from page p
    join up on up.customer_id = p.customer_id and not exists (select from merge m where m.absorbed_id = up.root and ${STOOD})
    left join (
      select l.id, l.customer_id from lead l left join lateral (
        select case when e.type = 'lead.merged' and e.data->>'absorbed' = l.id::text then 'merged'
          else coalesce(e.data->>'to', e.data->>'state') end as state
        from known k join event e on e.customer_id = k.id
        where k.customer_id = l.customer_id and e.lead_id = l.id and e.recorded_at <= $2
          and e.type in ('lead.created', 'lead.reactivated', 'lead.touched', 'lead.state_changed', 'lead.merged', 'lead.unmerged')
          and coalesce(e.data->>'to', e.data->>'state') is not null
        order by e.sequence desc limit 1
      ) e on true
      where l.customer_id in (select customer_id from page) and l.recorded_at <= $2 and l.hidden is null
        and coalesce(e.state, case when l.state_at <= $2 then l.state else 'new' end) in ('new', 'assigned', 'following')
    ) l on l.customer_id = p.customer_id
    order by p.customer_id, l.id`,
};

const MEMBERS = {
  name: 'members_then',
  text: `with recursive f(root, member) as (
      select id, id from unnest($1::uuid[]) id
      union select f.root, m.absorbed_id from f join merge m on m.survivor_id = f.member and ${STOOD}
    ) select root, member from f`,
};

/** The leads of the next customers that were open at a moment, with whom each of their people was one then. */
export async function openLeadsThen(session: Session, { after, size, sample, asOf }: PageThen): Promise<LeadsThen> {
  const rows = await session.run<{ customer_id: string; id: string | null; root: string }>(OPEN, [
    after,
    new Date(asOf),
    size,
    sample.buckets,
  ]);
  const leads = rows.flatMap(({ id, root }) => (id === null ? [] : [{ id, root }]));
  const roots = [...new Set(leads.map(({ root }) => root))];
  const members = await session.run<MemberThen>(MEMBERS, [plain(roots), new Date(asOf)]);
  return { leads, members, next: rows.at(-1)?.customer_id ?? null };
}

const WON = {
  name: 'leads_won_by',
  // A lead that was merged since is judged by the one that it became.
  text: `with recursive became(lead_id, id) as (
      select id, id from unnest($1::uuid[]) id
      union select b.lead_id, l.merged_into from became b join lead l on l.id = b.id where l.merged_into is not null
    ) select distinct b.lead_id from became b join deal d on d.lead_id = b.id and d.kind = 'won' and d.occurred_at <= $2
    where not exists (select from deal v where v.lead_id = d.lead_id and v.of_deal = d.id and v.kind = 'void')`,
};

/** Those of the leads that were won by a moment, by what is known today; a win that was voided is none. */
export async function leadsWonBy(
  session: Session,
  leadIds: readonly string[],
  end: Instant,
): Promise<ReadonlySet<string>> {
  if (leadIds.length === 0) return new Set();
  const rows = await session.run<{ lead_id: string }>(WON, [plain(leadIds), new Date(end)]);
  return new Set(rows.map(({ lead_id }) => lead_id));
}

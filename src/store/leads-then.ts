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

const PEOPLE = {
  name: 'people_then',
  text: `with recursive page as (
      select distinct customer_id from lead
      where customer_id > $1 and recorded_at <= $2 and hidden is null and ${IN_SAMPLE} < $4 order by customer_id limit $3
    ), up(customer_id, root) as (
      select customer_id, customer_id from page
      union select up.customer_id, m.survivor_id from up join merge m on m.absorbed_id = up.root and ${STOOD}
    ) select customer_id, root from up
    where not exists (select from merge m where m.absorbed_id = up.root and ${STOOD}) order by customer_id`,
};

const RECORDED = {
  name: 'leads_recorded_by',
  text: `select id, customer_id, case when state_at <= $2 then state else 'new' end as state from lead
    where customer_id = any($1::uuid[]) and recorded_at <= $2 and hidden is null order by customer_id, id`,
};

const STATES = {
  name: 'lead_states_then',
  // A lead's events are written under the root that it had: `known` are all that it may be. The last one that names a state says
  // what it was. Lateral and not joined: the estimate of `known` is so far off that a join would read every event.
  text: `with recursive known as (
      select id from unnest($1::uuid[]) id
      union select o.id from known k cross join lateral (
        select survivor_id as id from merge where absorbed_id = k.id
        union all select absorbed_id from merge where survivor_id = k.id) o
    ) select distinct on (e.lead_id) e.lead_id,
      case when e.type = 'lead.merged' and e.data->>'absorbed' = e.lead_id::text then 'merged' else e.state end as state
    from known k cross join lateral (
      select lead_id, type, data, sequence, coalesce(data->>'to', data->>'state') as state from event
      where customer_id = k.id and recorded_at <= $2
        and type in ('lead.created', 'lead.reactivated', 'lead.touched', 'lead.state_changed', 'lead.merged', 'lead.unmerged')
      offset 0
    ) e where e.state is not null order by e.lead_id, e.sequence desc`,
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
  const then = new Date(asOf);
  const people = await session.run<{ customer_id: string; root: string }>(PEOPLE, [after, then, size, sample.buckets]);
  const customers = plain(people.map(({ customer_id }) => customer_id));
  const recorded = await session.run<Row>(RECORDED, [customers, then]);
  const states = new Map(
    (await session.run<Pick<Row, 'state'> & { lead_id: string }>(STATES, [customers, then])).map((row) => [
      row.lead_id,
      row.state,
    ]),
  );
  const rootOf = new Map(people.map(({ customer_id, root }) => [customer_id, root]));
  // A lead whose events went another way, since a touch was split off, is told by its row.
  const open = recorded.filter(({ id, state }) => OPEN.has(states.get(id) ?? state));
  const leads = open.map(({ id, customer_id }) => ({ id, root: rootOf.get(customer_id) ?? customer_id }));
  const roots = [...new Set(leads.map(({ root }) => root))];
  const members = await session.run<MemberThen>(MEMBERS, [plain(roots), then]);
  return { leads, members, next: people.at(-1)?.customer_id ?? null };
}

const OPEN: ReadonlySet<string> = new Set(['new', 'assigned', 'following']);

interface Row {
  readonly id: string;
  readonly customer_id: string;
  readonly state: string;
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

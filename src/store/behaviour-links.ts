import type { Identity } from '../domain/submission.ts';
import { plain, texts } from './column.ts';
import type { Session } from './session.ts';

/** A visitor of pages who is a person: by the identity that the submission came by, whose value is as `identity.value`. */
export interface VisitorLink extends Identity {
  readonly visitorId: string;
}

const LINK = {
  name: 'link_visitors',
  // The first submission says whose a visitor is: a browser that many use must not move what one did to the next.
  text: `insert into visitor_link (visitor_id, kind, namespace, value, linked_at)
    select distinct on (visitor_id) u.*, $5::timestamptz from unnest($1::text[], $2::text[], $3::text[], $4::text[]) u(visitor_id, kind, namespace, value)
    order by visitor_id on conflict do nothing`,
};

/** Joins visitors to people, each to the first one only. */
export async function linkVisitors(session: Session, links: readonly VisitorLink[], at: number): Promise<void> {
  if (links.length === 0) return;
  await session.run(LINK, [
    texts(links.map(({ visitorId }) => visitorId)),
    texts(links.map(({ kind }) => kind)),
    texts(links.map(({ namespace }) => namespace)),
    texts(links.map(({ value }) => value)),
    new Date(at),
  ]);
}

// Everything that the behaviours of a family `f` may have come by.
const SUBJECTS_OF_FAMILY = (identities: string, links: string): string => `i as (
      select f.root, i.kind, i.namespace, i.value from f join identity i on i.customer_id = f.member and ${identities}
    ), s as (
      select root, 'customer:' || member as subject from f
      union select f.root, 'lead:' || l.id from f join lead l on l.customer_id = f.member
      union select root, 'phone:' || value from i where kind = 'phone'
      union select i.root, 'visitor:' || v.visitor_id from i
        join visitor_link v on v.value = i.value and v.kind = i.kind and v.namespace = i.namespace and ${links}
    )`;

/** Common tables of a statement whose `$1` are root customers; the last, `s`, has a row for everything that their behaviours may have come by. */
export const SUBJECTS_OF_ROOTS = `f as (
      select id as root, id as member from unnest($1::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any($1::uuid[])
    ), ${SUBJECTS_OF_FAMILY('true', 'true')}`;

/** The same of customers `$6` who were one with those of `$1` at a moment, by what was known of them at the moment `$5`. */
export const SUBJECTS_THEN = `f as (
      select * from unnest($1::uuid[], $6::uuid[]) f(root, member)
    ), ${SUBJECTS_OF_FAMILY('i.created_at <= $5', 'v.linked_at <= $5')}`;

const SUBJECTS = { name: 'behaviour_subjects', text: `with ${SUBJECTS_OF_ROOTS} select root, subject from s` };

/** Everything that behaviours of root customers may have come by. */
async function subjectsOf(session: Session, roots: readonly string[]): Promise<readonly string[]> {
  const rows = await session.run<{ readonly subject: string }>(SUBJECTS, [plain(roots)]);
  return rows.map(({ subject }) => subject);
}

const ROOTS = {
  name: 'roots_of_subjects',
  text: `select s.subject, coalesce(a.customer_id, c.id) as root
    from unnest($1::text[]) s(subject)
    cross join lateral (select split_part(s.subject, ':', 1) as kind, substr(s.subject, strpos(s.subject, ':') + 1) as value) p
    left join visitor_link v on p.kind = 'visitor' and v.visitor_id = p.value
    left join identity i on (p.kind = 'phone' and i.kind = 'phone' and i.namespace = '' and i.value = p.value)
      or (p.kind = 'visitor' and i.kind = v.kind and i.namespace = v.namespace and i.value = v.value)
    left join lead l on p.kind = 'lead' and l.id = case when p.kind = 'lead' then p.value::uuid end
    join customer c on c.id = coalesce(i.customer_id, l.customer_id, case when p.kind = 'customer' then p.value::uuid end)
    left join customer_alias a on a.alias_id = c.id`,
};

/** Whose subjects are, by subject; one that is nobody's yet is missing. */
export async function rootsOf(session: Session, subjects: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (subjects.length === 0) return new Map();
  const rows = await session.run<{ subject: string; root: string }>(ROOTS, [texts(subjects)]);
  return new Map(rows.map(({ subject, root }) => [subject, root]));
}

const FORGET = [
  {
    name: 'erase_visitor_links',
    text: `delete from visitor_link where 'visitor:' || visitor_id = any($1::text[]) and visitor_id = any(
      array(select substr(s, 9) from unnest($1::text[]) s where s like 'visitor:%'))`,
  },
  { name: 'erase_behaviours', text: 'delete from behaviour where subject = any($1::text[])' },
  { name: 'erase_score_due', text: 'delete from score_due where subject = any($1::text[])' },
];
const FORGET_SCORES = [
  { name: 'erase_scores', text: 'delete from score where customer_id = any($1::uuid[])' },
  { name: 'erase_lead_bands', text: 'delete from lead_band where customer_id = any($1::uuid[])' },
];

/** Deletes the behaviours, visitor ids and scores of a family, whose root comes first; before its identities go. */
export async function eraseBehaviours(session: Session, family: readonly string[]): Promise<void> {
  const subjects = texts(await subjectsOf(session, family.slice(0, 1)));
  for (const statement of FORGET) await session.run(statement, [subjects]);
  for (const statement of FORGET_SCORES) await session.run(statement, [plain(family)]);
}

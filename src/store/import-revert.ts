import type { Instant } from '../domain/instant.ts';
import type { RemadeTouch } from '../domain/remake-touch.ts';
import { type LeadFact, NO_WORK, WORK } from '../domain/revert.ts';
import { plain, texts, times } from './column.ts';
import type { Session } from './session.ts';

/** A row of an import that wrote a submission, as it stands today; `root` null: it came to nobody. */
export interface WrittenRow {
  readonly row: number;
  readonly before: object | null;
  readonly submission_id: string;
  readonly source_id: string;
  readonly external_id: string | null;
  readonly fingerprint: string;
  readonly decision: string;
  readonly back: string | null; // the submission of another way in that it completed
  readonly touch_id: string | null;
  readonly root: string | null;
}

const NEXT = {
  name: 'revert_next_rows',
  text: 'select row from import_row where import_id = $1 and row > $2 order by row limit $3',
};

/** The next rows of an import by number. */
export async function nextRows(
  session: Session,
  importId: string,
  after: number,
  limit: number,
): Promise<readonly number[]> {
  return (await session.run<{ row: number }>(NEXT, [importId, after, limit])).map(({ row }) => row);
}

const WRITTEN = {
  name: 'revert_written_rows',
  // By the request id: a replayed row names the submission that it repeats, which is not the import's.
  text: `select r.row, r.before, s.id as submission_id, s.source_id, s.external_id, s.fingerprint, s.decision, s.touch_id,
      case when c.request_id like $1::text || '#%' then null else s.completes end as back,
      coalesce(a.customer_id, s.customer_id) as root
    from import_row r
    join submission s on s.id = r.submission_id and s.request_id = $1::text || '#' || r.row
    left join submission c on c.id = s.completes
    left join customer_alias a on a.alias_id = s.customer_id
    where r.import_id = $1::uuid and (r.row = any($2::integer[]) or r.customer_id = any($3::uuid[]))
    order by r.row`,
};

/** What these rows wrote, and every other row of the import that names one of these customers. */
export async function writtenRows(
  session: Session,
  importId: string,
  rows: readonly number[],
  customerIds: readonly string[],
): Promise<readonly WrittenRow[]> {
  return session.run<WrittenRow>(WRITTEN, [importId, plain(rows), plain(customerIds)]);
}

const FAMILIES = {
  name: 'families_of',
  text: `select id as root, id as member from unnest($1::uuid[]) id
    union all select customer_id, alias_id from customer_alias where customer_id = any($1::uuid[])`,
};

/** Every id of root customers, with its root. */
export async function familiesOf(
  session: Session,
  roots: readonly string[],
): Promise<readonly { readonly root: string; readonly member: string }[]> {
  return session.run(FAMILIES, [plain(roots)]);
}

const MARKS = {
  name: 'touch_marks',
  text: `select id, submission_id, identity_id, void_reason, voided_at is not null as voided
    from touch where customer_id = any($1::uuid[])`,
};

/** What of a touch its history does not tell. */
export interface TouchMark {
  readonly id: string;
  readonly submission_id: string;
  readonly identity_id: string;
  readonly void_reason: string | null;
  readonly voided: boolean;
}

/** The marks of every touch of these customers. */
export async function touchMarks(session: Session, members: readonly string[]): Promise<readonly TouchMark[]> {
  return session.run<TouchMark>(MARKS, [plain(members)]);
}

const FACTS = {
  name: 'lead_facts',
  text: `select lead_id as "leadId", sequence, type, rule, submission_id as "submissionId" from event
    where customer_id = any($1::uuid[]) and recorded_at >= $2 and lead_id is not null and sequence is not null`,
};

/** The events of these customers' leads since a moment. */
export async function leadFacts(
  session: Session,
  members: readonly string[],
  since: Instant,
): Promise<readonly LeadFact[]> {
  return session.run<LeadFact>(FACTS, [plain(members), new Date(since)]);
}

const FOLLOWED = {
  name: 'import_followed_up',
  // What persons did is little: it is looked for first, and the import's rows and events only for the leads that it concerns.
  text: `with work as materialized (
      select lead_id, customer_id, max(sequence) as sequence from event
      where recorded_at >= $2 and type = any($3::text[]) and submission_id is null and coalesce(rule, '') <> all($4::text[])
        and lead_id is not null group by lead_id, customer_id
    ), ours as materialized (
      select w.lead_id, w.sequence, r.submission_id, r.row, r.customer_id from work w
      join import_row r on r.lead_id = w.lead_id and r.import_id = $1::uuid
      join submission s on s.id = r.submission_id and s.request_id = $1::text || '#' || r.row
    )
    select o.lead_id from ours o
    where exists (select from event e where e.customer_id = o.customer_id and e.recorded_at >= $2 and e.lead_id = o.lead_id
      and e.submission_id = o.submission_id and e.sequence < o.sequence)
    group by o.lead_id order by o.lead_id`,
};

/** The leads of an import that persons have worked since its rows touched them. */
export async function followedUp(session: Session, importId: string, since: Instant): Promise<readonly string[]> {
  const rows = await session.run<{ lead_id: string }>(FOLLOWED, [
    importId,
    new Date(since),
    texts(WORK),
    texts(NO_WORK),
  ]);
  return rows.map((row) => row.lead_id);
}

const SILENCE = {
  name: 'silence_submissions',
  text: `update submission set touch_id = null where id = any($1::uuid[])`,
};
const REMAKE = {
  name: 'remake_touches',
  text: `update touch t set first_at = u.first_at, first_submission_id = u.first_id, last_at = u.last_at,
      last_submission_id = u.last_id, fields = u.fields
    from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::timestamptz[], $5::uuid[], $6::jsonb[])
      u(id, first_at, first_id, last_at, last_id, fields)
    where t.id = u.id`,
};

/** Lets submissions speak of no touch any more, and writes the touches without them. */
export async function silence(
  session: Session,
  submissionIds: readonly string[],
  touches: readonly RemadeTouch[],
): Promise<void> {
  if (submissionIds.length > 0) await session.run(SILENCE, [plain(submissionIds)]);
  if (touches.length === 0) return;
  await session.run(REMAKE, [
    plain(touches.map(({ id }) => id)),
    times(touches.map(({ firstAt }) => firstAt)),
    plain(touches.map(({ firstId }) => firstId)),
    times(touches.map(({ lastAt }) => lastAt)),
    plain(touches.map(({ lastId }) => lastId)),
    texts(touches.map(({ fields }) => (fields === null ? null : JSON.stringify(fields)))),
  ]);
}

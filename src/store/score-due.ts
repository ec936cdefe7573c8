import type { Instant } from '../domain/instant.ts';
import { plain, texts } from './column.ts';
import type { Session } from './session.ts';

const MARK = {
  name: 'mark_score_due',
  text: `insert into score_due (subject, since) select distinct s, $2::timestamptz from unnest($1::text[]) s
    where exists (select from score_model where state = 'active') order by s
    on conflict (subject) do update set marks = score_due.marks + 1`,
};

/** Says that customers have to be scored anew, where a model is active; while their locks are held, or after. */
export async function markCustomersDue(session: Session, ids: readonly string[], at: number): Promise<void> {
  if (ids.length > 0) await session.run(MARK, [texts(ids.map((id) => `customer:${id}`)), new Date(at)]);
}

/** A mark, as it was read. */
export interface ScoreDue {
  readonly subject: string;
  readonly since: Instant;
  readonly marks: number;
}

const READ = { name: 'read_score_due', text: 'select subject, since, marks from score_due order by since limit $1' };

/** The marks that wait longest. */
export async function readDue(session: Session, limit: number): Promise<readonly ScoreDue[]> {
  return session.run<ScoreDue>(READ, [limit]);
}

const DONE = {
  name: 'delete_score_due',
  // What was marked again meanwhile stays: its reason may have come after the reading.
  text: `delete from score_due d using (
      select d.subject from score_due d join unnest($1::text[], $2::integer[]) u(subject, marks)
        on d.subject = u.subject and d.marks = u.marks order by d.subject for update of d
    ) u where d.subject = u.subject`,
};

/** Takes marks away that were served, but for those that were renewed since they were read. */
export async function deleteDue(session: Session, due: readonly ScoreDue[]): Promise<void> {
  if (due.length === 0) return;
  await session.run(DONE, [texts(due.map(({ subject }) => subject)), plain(due.map(({ marks }) => marks))]);
}

const FALLING = {
  name: 'falling_scores',
  text: `select s.customer_id as id, coalesce(a.customer_id, s.customer_id) as root, s.next_at from score s
    left join customer_alias a on a.alias_id = s.customer_id where s.next_at <= $1 order by s.next_at limit $2`,
};

/** Customers whose score has left its band by decay alone, or armed one anew, and when it did. */
export async function fallingScores(
  session: Session,
  at: Instant,
  limit: number,
): Promise<readonly { readonly id: string; readonly root: string; readonly next_at: Instant }[]> {
  return session.run(FALLING, [new Date(at), limit]);
}

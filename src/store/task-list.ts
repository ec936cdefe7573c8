import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import type { Reach } from './lead-page.ts';
import { LISTABLE, LISTED, type ListedLead, type ListedRow, listedLeadOf } from './listed-lead.ts';
import { readPhone } from './sealed-phone.ts';
import type { EndedTask } from './task-read.ts';

/** Which tasks to list; what is left out is not asked for. */
export interface TaskFilter {
  readonly adviser?: string;
  readonly store?: string;
  readonly dueBefore?: Instant;
  readonly dueFrom?: Instant;
  readonly overdueAt?: Instant; // open ones due before it; of ended ones those that ended after they were due
  readonly leadId?: string;
  readonly externalRef?: string;
  readonly kind?: 'first_contact' | 'follow_up';
  readonly reach?: Reach;
}

/** At most `limit` rows after a place, which is the moment that the list is ordered by, and the id of the task. */
export interface TaskPage {
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
}

type Condition = RawBuilder<unknown>;
const ROOT_OF = sql`left join customer_alias a on a.alias_id = l.customer_id
  join customer c on c.id = coalesce(a.customer_id, l.customer_id)`;

/** Leads by their open tasks, soonest due first. */
export async function listOpenTasks(
  db: Db,
  vault: Vault,
  filter: TaskFilter,
  { after, limit }: TaskPage,
): Promise<readonly ListedLead[]> {
  const id = sql`(l.task->>'id')::uuid`;
  const where: Condition[] = [sql`l.task_due_at is not null`, LISTABLE, ...withinReach(filter.reach)];
  // A task is open on no lead but an open one: said again for the index of advisers.
  if (filter.adviser !== undefined)
    where.push(sql`l.owner = ${filter.adviser} and l.state in ('new', 'assigned', 'following')`);
  if (filter.store !== undefined) where.push(sql`l.store = ${filter.store}`);
  if (filter.dueBefore !== undefined) where.push(sql`l.task_due_at < ${new Date(filter.dueBefore)}`);
  if (filter.dueFrom !== undefined) where.push(sql`l.task_due_at >= ${new Date(filter.dueFrom)}`);
  if (filter.overdueAt !== undefined) where.push(sql`l.task_due_at < ${new Date(filter.overdueAt)}`);
  if (filter.leadId !== undefined) where.push(sql`l.id = ${filter.leadId}::uuid`);
  if (filter.externalRef !== undefined) where.push(sql`l.task->>'externalRef' = ${filter.externalRef}`);
  if (filter.kind !== undefined) where.push(sql`l.task->>'kind' = ${filter.kind}`);
  if (after !== null) where.push(sql`(l.task_due_at, ${id}) > (${new Date(after.at)}, ${after.id}::uuid)`);
  const { rows } = await sql<ListedRow>`select ${LISTED} from (
      select * from lead l where ${sql.join(where, sql` and `)} order by l.task_due_at, ${id} limit ${limit}
    ) l ${ROOT_OF} order by l.task_due_at, ${id}`.execute(db);
  return rows.map((row) => listedLeadOf(row, vault));
}

/** A task that has ended, with its lead and customer as they are now. */
export type ListedTask = EndedTask & { readonly root: string };

/** Tasks that have ended in one way, newest first. */
export async function listEndedTasks(
  db: Db,
  vault: Vault,
  state: EndedTask['end_state'],
  filter: TaskFilter,
  { after, limit }: TaskPage,
): Promise<readonly ListedTask[]> {
  const where: Condition[] = [sql`t.end_state = ${state}`, sql`l.hidden is null`, ...withinReach(filter.reach)];
  if (filter.adviser !== undefined) where.push(sql`t.owner = ${filter.adviser}`);
  if (filter.store !== undefined) where.push(sql`t.store = ${filter.store}`);
  if (filter.dueBefore !== undefined) where.push(sql`t.due_at < ${new Date(filter.dueBefore)}`);
  if (filter.overdueAt !== undefined) where.push(sql`t.ended_at > t.due_at`);
  if (filter.leadId !== undefined) where.push(sql`t.lead_id = ${filter.leadId}::uuid`);
  if (filter.externalRef !== undefined) where.push(sql`t.external_ref = ${filter.externalRef}`);
  if (after !== null) where.push(sql`(t.ended_at, t.id) < (${new Date(after.at)}, ${after.id}::uuid)`);
  const { rows } = await sql<ListedTask>`select t.*, coalesce(a.customer_id, l.customer_id) as root
    from task t join lead l on l.id = t.lead_id
    left join customer_alias a on a.alias_id = l.customer_id
    where ${sql.join(where, sql` and `)} order by t.ended_at desc, t.id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({ ...row, content: readPhone(vault, row.content) }));
}

function withinReach(reach: Reach | undefined): readonly Condition[] {
  if (reach === undefined) return [];
  return [sql`(l.store = any(${reach.stores}::text[]) or l.owner = ${reach.adviser})`];
}

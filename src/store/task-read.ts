import { type Selectable, sql } from 'kysely';
import type { Lead } from '../domain/lead.ts';
import type { Vault } from '../domain/vault.ts';
import { plain } from './column.ts';
import type { Db, Tx } from './database.ts';
import { LISTED, type ListedRow, listedLeadOf } from './listed-lead.ts';
import { readPhone } from './sealed-phone.ts';
import type { Session } from './session.ts';
import type { TaskTable } from './tables-working.ts';

/** A task that has ended, with what was said in the follow-up as it is read. */
export type EndedTask = Selectable<TaskTable>;

/** A task, open or ended, with its lead as it is now. */
export interface KnownTask {
  readonly lead: Lead;
  readonly root: string;
  readonly ended: EndedTask | null; // null: it is the open one of the lead
}

const LEAD_OF = {
  name: 'lead_of_task',
  text: `select id as lead_id from lead where task is not null and (task->>'id')::uuid = $1
    union all select lead_id from task where id = $1`,
};

/** The lead that a task is of, open or ended; null: there is no such task. */
export async function leadOfTask(session: Session, taskId: string): Promise<string | null> {
  return (await session.run<{ lead_id: string }>(LEAD_OF, [taskId]))[0]?.lead_id ?? null;
}

/** A task that has ended. */
export async function findEndedTask(db: Db | Tx, vault: Vault, id: string): Promise<EndedTask | null> {
  const row = await db.selectFrom('task').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : { ...row, content: readPhone(vault, row.content) };
}

/** A task by its id with its lead as it is now. */
export async function findTask(db: Db | Tx, vault: Vault, id: string): Promise<KnownTask | null> {
  const { rows } = await sql<ListedRow>`select ${LISTED} from (
      select id from lead where task is not null and (task->>'id')::uuid = ${id}::uuid
      union all select lead_id from task where id = ${id}::uuid limit 1
    ) found join lead l on l.id = found.id
    left join customer_alias a on a.alias_id = l.customer_id
    join customer c on c.id = coalesce(a.customer_id, l.customer_id)`.execute(db);
  const [row] = rows;
  if (row === undefined) return null;
  const { lead, root } = listedLeadOf(row, vault);
  const ended = lead.task?.id === id ? null : await findEndedTask(db, vault, id);
  return lead.task?.id === id || ended !== null ? { lead, root, ended } : null;
}

const RECEIVED = {
  name: 'cycle_received',
  text: 'select min(received_at) as at from touch where lead_id = any($1::uuid[]) and cycle = $2 and voided_at is null',
};

/** When the capture that began a cycle of a lead was received; null where every touch of it was voided. */
export async function cycleReceivedAt(
  session: Session,
  leadIds: readonly string[],
  cycle: number,
): Promise<number | null> {
  const [row] = await session.run<{ at: number | null }>(RECEIVED, [plain(leadIds), cycle]);
  return row?.at ?? null;
}

/** The first follow-up of a cycle. */
export type FirstResponse = Pick<EndedTask, 'ended_at' | 'owner' | 'elapsed_seconds' | 'business_seconds'>;

/** The first follow-up of the present cycle of a lead; null: nobody has followed it up yet. */
export async function firstResponse(
  db: Db | Tx,
  leadIds: readonly string[],
  cycle: number,
): Promise<FirstResponse | null> {
  const row = await db
    .selectFrom('task')
    .select(['ended_at', 'owner', 'elapsed_seconds', 'business_seconds'])
    .where('lead_id', 'in', leadIds)
    .where('cycle', '=', cycle)
    .where('end_state', '=', 'completed')
    .where('kind', '=', 'first_contact')
    .orderBy('ended_at')
    .orderBy('id')
    .executeTakeFirst();
  return row ?? null;
}

/** Whether a task other than the one given is called so already, open or ended. */
export async function isRefTaken(tx: Tx, externalRef: string, taskId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from lead where task->>'externalRef' = ${externalRef}
      and (task->>'id')::uuid <> ${taskId}::uuid
    union all select 1 from task where external_ref = ${externalRef} and id <> ${taskId}::uuid limit 1`.execute(tx);
  return rows.length > 0;
}

/** Gives a task that has ended the name that another system knows it by. */
export async function nameEndedTask(tx: Tx, id: string, externalRef: string | null): Promise<void> {
  await tx.updateTable('task').set({ external_ref: externalRef }).where('id', '=', id).execute();
}

import type { Bounds } from '../domain/bounds.ts';
import { Fault } from '../domain/fault.ts';
import { moveTask } from '../domain/move-task.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import { lockAdvisory } from '../store/advisory.ts';
import type { Tx } from '../store/database.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import { isRefTaken, nameEndedTask } from '../store/task-read.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockTask } from './open-task-of.ts';
import { tell } from './tell.ts';

/** Gives a task, open or ended, the name that another system knows it by. Throws Fault `not_found`, `gone`, `other_store`, `state_conflict`. */
export async function nameTask(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  taskId: string,
  externalRef: string | null,
): Promise<void> {
  const { person, lead, task, ended } = await lockTask(tx, call, bounds, { kind: 'task', id: taskId });
  if ((task?.externalRef ?? ended?.external_ref ?? null) === externalRef) return;
  await requireFreeRef(tx, externalRef, taskId);
  if (task === null) return nameEndedTask(tx, taskId, externalRef);
  const session = sessionOf(tx);
  const policy = await readPolicy(session);
  const grown = { ...lead, version: lead.version + 1, updatedAt: Math.max(lead.updatedAt, call.at) };
  const moved = moveTask(grown, task, { externalRef }, 'task.named', policy.document.follow_up);
  const nextId = idsOf(call.seeds, call.at, person.customer.id);
  const told = tellFacts(moved, person.customer.id, { occurredAt: call.at, submissionId: null, nextId });
  await upsertLeads(session, call.vault, [told.lead]);
  await tell(session, call, policy.version, told.events);
}

/** Throws `state_conflict` where another task is called so; whoever names another one meanwhile waits. */
export async function requireFreeRef(tx: Tx, externalRef: string | null, taskId: string): Promise<void> {
  if (externalRef === null) return;
  await lockAdvisory(tx, 'task_refs');
  if (!(await isRefTaken(tx, externalRef, taskId))) return;
  throw new Fault('state_conflict', 'external_ref', 'Another task is called so.');
}

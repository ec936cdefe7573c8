import type { Bounds } from '../domain/bounds.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { moveTask } from '../domain/move-task.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Tx } from '../store/database.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { requireSoon } from './next-moment.ts';
import { note } from './note.ts';
import { lockTask, refuseEnded } from './open-task-of.ts';
import { tell } from './tell.ts';

/** A task that is due at another moment, with its lead. */
export interface RescheduledTask {
  readonly lead: Lead;
  readonly customerId: string;
  readonly changed: boolean;
}

/**
 * Puts an open task to another moment of the coming year, which starts its ladder again; a first contact can only be brought
 * forward. The same again changes nothing. Throws Fault `not_found`, `gone`, `other_store`, `state_conflict`, `body_invalid`.
 */
export async function rescheduleTask(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  taskId: string,
  input: { readonly dueAt: Instant; readonly reason: string },
): Promise<RescheduledTask> {
  const { person, lead, task, ended } = await lockTask(tx, call, bounds, { kind: 'task', id: taskId });
  if (task === null) return refuseEnded(ended);
  const customerId = person.customer.id;
  if (task.dueAt === input.dueAt) return { lead, customerId, changed: false };
  requireSoon(input.dueAt, call.at, 'due_at');
  if (task.kind === 'first_contact' && input.dueAt > task.dueAt) {
    const message = 'A first contact can only be brought forward: follow the lead up, and name the next time.';
    throw new Fault('state_conflict', 'due_at', message, { due_at: formatInstant(task.dueAt) });
  }
  const session = sessionOf(tx);
  const policy = await readPolicy(session);
  const grown = { ...lead, version: lead.version + 1, updatedAt: Math.max(lead.updatedAt, call.at) };
  const change = { dueAt: input.dueAt, steps: [] };
  const moved = moveTask(grown, task, change, 'task.rescheduled', policy.document.follow_up);
  const nextId = idsOf(call.seeds, call.at, customerId);
  const told = tellFacts(moved, customerId, { occurredAt: call.at, submissionId: null, nextId });
  await upsertLeads(session, call.vault, [told.lead]);
  await tell(session, call, policy.version, told.events);
  const entry = { id: nextId(), action: 'lead.note', subjectKind: 'lead' as const, subjectId: lead.id, reason: null };
  await note(tx, call, { ...entry, detail: { note: input.reason, task_id: task.id } });
  return { lead: told.lead, customerId, changed: true };
}

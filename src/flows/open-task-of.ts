import { currentLead } from '../domain/absorb.ts';
import type { Bounds } from '../domain/bounds.ts';
import { Fault } from '../domain/fault.ts';
import type { Lead } from '../domain/lead.ts';
import type { OpenTask } from '../domain/task.ts';
import type { Tx } from '../store/database.ts';
import { sessionOf } from '../store/session.ts';
import { type EndedTask, findEndedTask, leadOfTask } from '../store/task-read.ts';
import type { Call } from './call.ts';
import { lockLead } from './lock-lead.ts';
import type { LockedPerson } from './lock-people.ts';
import { requireOwn } from './own.ts';

/** Which task is meant: one by its id, or the open one of a lead. */
export type TaskTarget =
  | { readonly kind: 'task'; readonly id: string }
  | { readonly kind: 'lead'; readonly id: string };

/** A task of a person who is locked; of one that has ended, what it came to. */
export type LockedTask = { readonly person: LockedPerson; readonly lead: Lead } & (
  | { readonly task: OpenTask; readonly ended: null }
  | { readonly task: null; readonly ended: EndedTask }
);

/** Locks the person of a task and finds it, open or ended. Throws Fault `not_found`, `gone`, `other_store`, `state_conflict`. */
export async function lockTask(tx: Tx, call: Call, bounds: Bounds, target: TaskTarget): Promise<LockedTask> {
  const { kind, id } = target;
  const leadId = kind === 'lead' ? id : await leadOfTask(sessionOf(tx), id);
  if (leadId === null) throw new Fault('not_found', null, 'There is no such task.');
  const { person, lead: found } = await lockLead(tx, call, leadId);
  if (kind === 'lead') {
    requireOwn(bounds, found);
    if (found.task === null)
      throw new Fault('state_conflict', null, 'The lead has no open task.', { state: found.state });
    return { person, lead: found, task: found.task, ended: null };
  }
  const holder = person.leads.find(({ task }) => task?.id === id); // a merge may have moved it
  if (holder !== undefined && holder.task !== null) {
    requireOwn(bounds, holder);
    return { person, lead: holder, task: holder.task, ended: null };
  }
  const ended = await findEndedTask(tx, call.vault, id);
  const lead = ended === null ? undefined : currentLead(person.leads, ended.lead_id);
  if (ended === null || lead === undefined) throw new Fault('not_found', null, 'There is no such task.');
  requireOwn(bounds, lead);
  return { person, lead, task: null, ended };
}

/** Throws `state_conflict` for a task that has ended. */
export function refuseEnded({ end_state, ended_at }: EndedTask): never {
  const members = { state: end_state, ended_at: new Date(ended_at).toISOString() };
  throw new Fault('state_conflict', null, `The task was ${end_state} already.`, members);
}

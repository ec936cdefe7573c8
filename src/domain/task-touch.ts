import { type Directory, isWorking } from './directory.ts';
import { hastenTask } from './hasten-task.ts';
import type { Instant } from './instant.ts';
import { isLive, isOpen, type Lead } from './lead.ts';
import { moveTask } from './move-task.ts';
import { UNRATED } from './open-task.ts';
import type { Policy } from './policy.ts';
import { settleTask } from './settle-task.ts';
import type { OpenTask } from './task.ts';
import { taskDue } from './task-due.ts';
import { withTask } from './task-step.ts';
import type { TouchTaken, Worked } from './working.ts';

/** Opens the task of a lead that a touch has opened or woken, or moves it where the rating rose; another touch resets nothing. */
export function taskTouch({ lead, taskId, policy, staffing: { directory }, settled, at }: TouchTaken): Worked {
  if (settled.mode !== 'live' || !isLive(lead) || !isOpen(lead.state)) return { lead, facts: [] };
  const { task } = lead;
  if (task === null) return settleTask(lead, at, taskId, policy.document, directory);
  const { follow_up } = policy.document;
  // Who has the lead, and with it whether it can be taken from anybody, may be another now.
  return hastenTask(withTask(lead, task, follow_up), at, follow_up, directory);
}

/**
 * The task of a lead that got an owner otherwise than by a touch. The time of one that was taken from somebody counts from the
 * assignment, that of one that came from the pool still from its capture; a time agreed with the customer that is still to come stays.
 */
export function taskGiven(lead: Lead, at: Instant, taskId: string, policy: Policy, directory: Directory): Worked {
  const { task } = lead;
  if (!isLive(lead) || !isOpen(lead.state) || task === null) return settleTask(lead, at, taskId, policy, directory);
  const agreed = task.kind === 'follow_up' && task.dueAt > at && !isRecycled(lead, task);
  if (lead.owner === null || agreed || !isWorking(directory) || isFromPool(lead, task)) {
    return { lead: withTask(lead, task, policy.follow_up), facts: [] };
  }
  const rating = lead.rating ?? UNRATED;
  const dueAt = taskDue(policy.follow_up, directory, lead.store, at, rating);
  return moveTask(lead, task, { openedAt: at, dueAt, rating, steps: [] }, 'task.given', policy.follow_up);
}

/** Whether nobody has had the lead since its task was opened, and it was taken from nobody then. */
function isFromPool(lead: Lead, task: OpenTask): boolean {
  return !isRecycled(lead, task) && (lead.pooledSince !== null || lead.formerOwner === null);
}

/** Whether the task was opened when the lead was taken from somebody for neglect. */
function isRecycled({ takenFrom }: Lead, task: OpenTask): boolean {
  return takenFrom.some(({ at, how }) => how === 'recycled' && at === task.openedAt);
}

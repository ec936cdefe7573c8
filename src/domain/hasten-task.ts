import type { Directory } from './directory.ts';
import type { Instant } from './instant.ts';
import { isLive, isOpen, type Lead } from './lead.ts';
import { moveTask } from './move-task.ts';
import { isBetter } from './rate.ts';
import type { FollowUpPolicy } from './task.ts';
import { taskDue } from './task-due.ts';
import type { Worked } from './working.ts';

/**
 * Brings the open task of a lead forward that is rated above what its task is due by: the same task, due at the earlier of its own
 * moment and the new rating's hours from `at` on. A rating that fell puts nothing off.
 */
export function hastenTask(lead: Lead, at: Instant, policy: FollowUpPolicy, directory: Directory): Worked {
  const { task, rating } = lead;
  const stays = { lead, facts: [] };
  if (task === null || rating === null || !isLive(lead) || !isOpen(lead.state)) return stays;
  if (!isBetter(rating, task.rating)) return stays;
  const dueAt = taskDue(policy, directory, lead.store, at, rating);
  return dueAt < task.dueAt ? moveTask(lead, task, { dueAt, rating }, 'task.rating_rose', policy) : stays;
}

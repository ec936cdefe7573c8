import { closeTask } from './close-task.ts';
import { type Directory, isWorking } from './directory.ts';
import { hastenTask } from './hasten-task.ts';
import type { Instant } from './instant.ts';
import { isOpen, type Lead } from './lead.ts';
import { openTask, reopenTask, UNRATED } from './open-task.ts';
import type { Policy } from './policy.ts';
import type { OpenTask } from './task.ts';
import { taskDue } from './task-due.ts';
import type { Worked } from './working.ts';

/**
 * A lead with the task that it has to have: none where it is closed, merged away or gone, and one where it is open and leads are
 * worked: the former one anew where it is named, else a new one that is due from `at` on.
 */
export function settleTask(
  lead: Lead,
  at: Instant,
  taskId: string,
  policy: Policy,
  directory: Directory,
  former: OpenTask | null = null,
): Worked {
  const reason = whyClosed(lead);
  if (reason !== null) return closeTask(lead, { state: 'cancelled', reason });
  if (lead.task !== null || !isWorking(directory)) return { lead, facts: [] };
  if (former !== null) {
    const reopened = reopenTask(lead, former, taskId, policy.follow_up);
    const hastened = hastenTask(reopened.lead, at, policy.follow_up, directory); // it may have been rated since
    return { lead: hastened.lead, facts: [...reopened.facts, ...hastened.facts] };
  }
  const dueAt = taskDue(policy.follow_up, directory, lead.store, at, lead.rating ?? UNRATED);
  const kind = lead.state === 'following' ? 'follow_up' : 'first_contact';
  return openTask(lead, { id: taskId, kind, openedAt: at, dueAt }, policy.follow_up);
}

/** Why nobody has to follow a lead up; null: somebody has to. */
function whyClosed({ mergedInto, hidden, state }: Lead): string | null {
  if (mergedInto !== null) return 'merged';
  return hidden ?? (isOpen(state) ? null : state);
}

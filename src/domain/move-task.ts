import { formatInstant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { FollowUpPolicy, OpenTask } from './task.ts';
import { taskData } from './task-data.ts';
import { withTask } from './task-step.ts';
import type { Worked } from './working.ts';

/** A lead whose open task is due at another moment, or is otherwise changed, and what is told of it. */
export function moveTask(
  lead: Lead,
  task: OpenTask,
  changed: Partial<Pick<OpenTask, 'openedAt' | 'dueAt' | 'rating' | 'steps' | 'externalRef'>>,
  rule: string,
  policy: FollowUpPolicy,
): Worked {
  const moved: OpenTask = { ...task, ...changed };
  const data = { ...taskData(lead, moved), former_due_at: formatInstant(task.dueAt) };
  return { lead: withTask(lead, moved, policy), facts: [{ type: 'task.changed', rule, data }] };
}

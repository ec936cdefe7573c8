import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Rating } from './rating.ts';
import type { FollowUpPolicy, OpenTask } from './task.ts';
import { taskData } from './task-data.ts';
import { withTask } from './task-step.ts';
import type { Worked } from './working.ts';

/** How urgent a lead is that nobody has rated yet. */
export const UNRATED: Rating = 'medium';

/** A lead whose task of before is open again under a new id, since the former one has ended, and what is told of it. */
export function reopenTask(lead: Lead, former: OpenTask, id: string, policy: FollowUpPolicy): Worked {
  const task: OpenTask = { ...former, id, externalRef: null };
  return {
    lead: withTask(lead, task, policy),
    facts: [{ type: 'task.created', rule: 'task.reopened', data: taskData(lead, task) }],
  };
}

/** A lead with a new task, and what is told of it. */
export function openTask(
  lead: Lead,
  opened: { readonly id: string; readonly kind: OpenTask['kind']; readonly openedAt: Instant; readonly dueAt: Instant },
  policy: FollowUpPolicy,
): Worked {
  const task: OpenTask = { ...opened, rating: lead.rating ?? UNRATED, steps: [], externalRef: null };
  return {
    lead: withTask(lead, task, policy),
    facts: [{ type: 'task.created', rule: `task.${task.kind}`, data: taskData(lead, task) }],
  };
}

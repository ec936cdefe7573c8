import { closeTask } from './close-task.ts';
import type { Lead } from './lead.ts';
import type { FollowUpPolicy } from './task.ts';
import { withTask } from './task-step.ts';
import type { Worked } from './working.ts';

/** Of two open leads that became one, the task that is due first goes on under the survivor; the other one ends. */
export function uniteTasks(
  survivor: Lead,
  absorbed: Lead,
  policy: FollowUpPolicy,
): { readonly survivor: Worked; readonly absorbed: Worked } {
  const [mine, theirs] = [survivor.task, absorbed.task];
  const end = { state: 'cancelled', reason: 'merged' } as const;
  if (theirs === null || (mine !== null && mine.dueAt <= theirs.dueAt)) {
    const kept = { lead: withTask(survivor, mine, policy), facts: [] };
    return { survivor: kept, absorbed: closeTask(absorbed, end) };
  }
  const ended = closeTask(survivor, end);
  return {
    survivor: { lead: withTask(ended.lead, theirs, policy), facts: ended.facts },
    absorbed: { lead: withTask(absorbed, null, policy), facts: [] },
  };
}

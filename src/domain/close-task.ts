import { formatInstant, type Instant, momentOf } from './instant.ts';
import type { Lead } from './lead.ts';
import type { FollowUpOutcome, Method } from './task.ts';
import { taskData } from './task-data.ts';
import type { Worked } from './working.ts';

/** How a task ends. */
export type TaskEnd =
  | { readonly state: 'cancelled'; readonly reason: string } // won, lost, dormant, invalid, merged, erased, reverted
  | { readonly state: 'recycled' }
  | {
      readonly state: 'completed';
      readonly at: Instant; // of the follow-up
      readonly method: Method;
      readonly outcome: FollowUpOutcome;
      readonly nextAt: Instant | null;
      readonly elapsedSeconds: number | null; // of a first contact
      readonly businessSeconds: number | null;
    };

/** A lead whose open task has ended, and what is told of it; one without a task stays as it is. */
export function closeTask(lead: Lead, end: TaskEnd): Worked {
  const { task } = lead;
  if (task === null) return { lead, facts: [] };
  const data = taskData(lead, task);
  const closed: Lead = { ...lead, task: null, taskStepAt: null };
  switch (end.state) {
    case 'cancelled': {
      const fact = {
        type: 'task.cancelled',
        rule: `task.${end.reason}`,
        data: { ...data, reason: end.reason },
      } as const;
      return { lead: closed, facts: [fact] };
    }
    case 'recycled': {
      const told = { ...data, owner: null, former_owner: lead.owner };
      return { lead: closed, facts: [{ type: 'task.recycled', rule: 'task.recycle', data: told }] };
    }
    case 'completed': {
      const { method, outcome, nextAt, at, elapsedSeconds, businessSeconds } = end;
      const told = {
        ...data,
        method,
        outcome,
        next_at: momentOf(nextAt),
        completed_at: formatInstant(at),
        ...(elapsedSeconds === null ? {} : { elapsed_seconds: elapsedSeconds }),
        ...(businessSeconds === null ? {} : { business_seconds: businessSeconds }),
      };
      return { lead: closed, facts: [{ type: 'task.completed', rule: 'task.followed_up', data: told }] };
    }
  }
}

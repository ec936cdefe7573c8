import type { Directory } from './directory.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Policy } from './policy.ts';
import type { TouchTaken, Worked } from './working.ts';

/** Opens the task of a lead that a touch has opened or woken, or moves it where the rating rose. */
export function taskTouch({ lead }: TouchTaken): Worked {
  return { lead, facts: [] };
}

/** Opens the task of a lead that was given to somebody other than by a touch; its time counts from the assignment. */
export function taskGiven(lead: Lead, _at: Instant, _taskId: string, _policy: Policy, _directory: Directory): Worked {
  return { lead, facts: [] };
}

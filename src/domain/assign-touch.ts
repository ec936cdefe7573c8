import type { Explanation } from './assignment.ts';
import type { Owner } from './outcome.ts';
import type { TouchTaken, Worked } from './working.ts';

/** A lead with its owner, how they were found, and what is told of it. */
export interface Assigned extends Worked {
  readonly owner: Owner;
  readonly explanation: Explanation | null; // null: nothing was asked for
}

/** Finds an owner for a lead that a touch has opened or woken, by rule and in turn. */
export function assignTouch({ lead, owner }: TouchTaken): Assigned {
  return { lead, owner, explanation: null, facts: [] };
}

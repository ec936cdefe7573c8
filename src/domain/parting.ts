import type { Instant } from './instant.ts';

/** Somebody who had a lead, until when, and whether it was taken from them for neglect or they parted from it otherwise. */
export interface Parting {
  readonly owner: string;
  readonly at: Instant;
  readonly how: 'recycled' | 'moved';
}

const MOST = 20; // people whom a lead remembers: more than it meets in the week of a cool-down

/** The partings of a lead with one more: of each owner the last one, of all of them the newest 20. */
export function part(partings: readonly Parting[], parting: Parting): readonly Parting[] {
  return [...partings.filter(({ owner }) => owner !== parting.owner), parting].slice(-MOST);
}

/** A sample of people: those whose bucket is below a number; the same ones every time, whatever the moment or the model. */
export interface Sample {
  readonly buckets: number; // of 4096
  readonly share: number; // of all people; 1: everybody
}

const BUCKETS = 4_096; // the 12 bits of an id that say whose it is, by a keyed hash

/** The sample that holds about `max` of so many people; everybody where they are no more. */
export function sampleOf(people: number, max: number): Sample {
  const buckets = people <= max ? BUCKETS : Math.max(1, Math.floor((BUCKETS * max) / people));
  return { buckets, share: buckets / BUCKETS };
}

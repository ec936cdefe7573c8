/**
 * What the ids of one submission are made of: its time and its chance, drawn by the flow. An id is a UUIDv7 whose 12 rand_a bits
 * are the customer's bucket; ids of one submission differ in their last 8 bits, so that the rules draw none themselves.
 */
export interface IdSeed {
  readonly time: string; // 48 bits of epoch milliseconds as `xxxxxxxx-xxxx`
  readonly chance: string; // variant and 54 random bits as `vxxx-xxxxxxxxxx`
}

/** Which id of a submission: the last 8 bits. Events, suggestions, consents and identities count up from theirs. */
export const ID = {
  submission: 0,
  touch: 1,
  lead: 2,
  customer: 3,
  quarantine: 4,
  task: 5,
  event: 16,
  suggestion: 64,
  consent: 96,
  identity: 160,
} as const;

/** The n-th id (0 to 255) of a seed, in the bucket given as 3 hex digits. */
export function makeId(seed: IdSeed, bucket: string, n: number): string {
  return `${seed.time}-7${bucket}-${seed.chance}${n < 16 ? '0' : ''}${n.toString(16)}`;
}

/** The bucket that an id carries, as 3 hex digits. */
export function bucketDigits(id: string): string {
  return id.slice(15, 18);
}

/** Something that a process does again and again beside its requests. */
export interface Worker {
  readonly name: string;
  readonly everyMs: number; // from the end of one round to the start of the next, give or take a fifth
  readonly eager?: true; // a round that did something is followed by the next at once
  /** Does what is due and answers how many things it did; throws when the database does not answer. */
  readonly round: () => Promise<number>;
}

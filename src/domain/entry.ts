import type { IdSeed } from './seed.ts';
import type { Submission } from './submission.ts';

/** A submission ready to be judged: with its fingerprints and what its ids are made of, all handed in. */
export interface Entry {
  readonly submission: Submission;
  readonly fingerprint: string; // version:hex, a keyed SHA-256 over the content as it arrived
  readonly noiseKey: string; // version:hex, keyed too, over channel, campaign and the normalised groups
  readonly seed: IdSeed;
  readonly bucket: string; // of the strongest identity, or of (source, key); 3 hex digits
  readonly actor: string;
  readonly requestId: string | null;
}

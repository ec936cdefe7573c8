import type { Instant } from '../domain/instant.ts';
import { bucketDigits, makeId } from '../domain/seed.ts';
import type { SeedSource } from './seed.ts';

const PER_SEED = 256; // ids of one seed differ in their last 8 bits

/** Ids of what one change writes, in order, in the bucket of a customer. */
export function idsOf(seeds: SeedSource, at: Instant, customerId: string): () => string {
  const bucket = bucketDigits(customerId);
  let seed = seeds.draw(at);
  let used = 0;
  return () => {
    if (used === PER_SEED) {
      seed = seeds.draw(at);
      used = 0;
    }
    used += 1;
    return makeId(seed, bucket, used - 1);
  };
}

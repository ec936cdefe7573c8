import { uuidv7 } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';

/** An id for a row that belongs to no customer, in a bucket by chance: keys, sources, audit. */
export function newId(at: Instant, chance: (bytes: number) => Uint8Array): string {
  const bytes = chance(10);
  const bucket = (((bytes[8] ?? 0) << 8) | (bytes[9] ?? 0)) & 0xfff;
  return uuidv7(at, bucket, bytes);
}

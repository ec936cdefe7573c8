import { formatInstant, type Instant } from '../../domain/instant.ts';

/** A moment as it is answered, or null. */
export function momentOf(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}

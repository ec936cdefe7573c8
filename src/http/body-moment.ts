import { type Instant, parseInstant } from '../domain/instant.ts';
import { problem } from './problem.ts';

/** Reads a moment of a body, null where it is absent; throws `date_invalid` with its path. */
export function bodyMoment(text: string | undefined, path: string): Instant | null {
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (at !== null) return at;
  const hint = 'Give an ISO 8601 moment with its zone, such as 2026-06-01T12:30:00+08:00, not before 2000.';
  const errors = [{ path, code: 'date_invalid', message: 'must be a moment in ISO 8601', hint }];
  throw problem('date_invalid', { hint, errors });
}

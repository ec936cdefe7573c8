import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';

const MOST_DAYS = 366; // a year and a day: what is further away is a slip of the pen
const DAY_MS = 86_400_000;

/** Throws `body_invalid` unless a moment is still to come, within a year; `path` is the field that names it. */
export function requireSoon(moment: Instant, at: Instant, path: string): void {
  if (moment <= at) throw new Fault('body_invalid', path, `${path} must be in the future`);
  if (moment > at + MOST_DAYS * DAY_MS) {
    throw new Fault('body_invalid', path, `${path} must be within ${MOST_DAYS} days`);
  }
}

import { EVENT_TYPES } from './event.ts';

/** What an endpoint may name: every event, every one of a family, or one type. */
const PATTERN = /^(?:\*|[a-z_]+\.\*|[a-z_]+\.[a-z_]+)$/;

/** Whether a text names events: a known type, a known family with `.*`, or `*`. */
export function isEventPattern(text: string): boolean {
  return PATTERN.test(text) && Object.keys(EVENT_TYPES).some((type) => matchesEvent(text, type));
}

/** Whether a pattern names a type. */
export function matchesEvent(pattern: string, type: string): boolean {
  if (pattern === '*') return true;
  return pattern.endsWith('.*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}

/** The pattern as SQL's LIKE reads it. */
export function likeOf(pattern: string): string {
  return pattern.replaceAll('_', '\\_').replaceAll('*', '%');
}

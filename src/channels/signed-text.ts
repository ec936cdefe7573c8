import { readPath } from './path.ts';

/** A text, number or boolean at a path of a decoded body, as text and not trimmed, since it is signed; null where there is none. */
export function signedText(value: unknown, path: string): string | null {
  const found = readPath(value, path);
  if (typeof found === 'string') return found;
  return typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
}

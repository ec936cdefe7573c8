import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical.ts';
import { isUuid } from '../domain/id.ts';
import { problem } from './problem.ts';

/** The place after the last row of a page: moments or counts in the order's columns, then the row's id or code. */
export interface Place {
  readonly keys: readonly number[];
  readonly id: string;
}

const VERSION = 1;

/**
 * A cursor as the caller gets it: opaque, and good for the same question only. It is not signed: it names no more than a place
 * in an order, and what may be seen from there is asked of the key each time.
 */
export function writeCursor(question: object, { keys, id }: Place): string {
  return Buffer.from(JSON.stringify([VERSION, fingerprint(question), ...keys, id])).toString('base64url');
}

/** The place of a cursor of `size` keys; null where there is none. Throws `cursor_invalid` for one of another question. */
export function readCursor(
  question: object,
  cursor: string | undefined,
  size: number,
  isId: (id: string) => boolean = isUuid,
): Place | null {
  if (cursor === undefined) return null;
  const [version, asked, ...rest] = parse(cursor);
  const [id, keys] = [rest.at(-1), rest.slice(0, -1)];
  const sound =
    version === VERSION && keys.length === size && keys.every(isMoment) && typeof id === 'string' && isId(id);
  if (!sound) throw problem('cursor_invalid');
  if (asked !== fingerprint(question)) {
    throw problem('cursor_invalid', { detail: 'The cursor belongs to other filters or another order.' });
  }
  return { keys: keys as number[], id };
}

/** The page and the cursor of the next one, of one row more than the page holds. */
export function pageOf<T>(
  question: object,
  rows: readonly T[],
  limit: number,
  placeOf: (row: T) => Place,
): { readonly items: readonly T[]; readonly next: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length <= limit || last === undefined ? null : writeCursor(question, placeOf(last)) };
}

const LATEST = 8_640_000_000_000_000; // the last moment that a Date holds

function isMoment(key: unknown): boolean {
  return Number.isSafeInteger(key) && Math.abs(key as number) <= LATEST;
}

function parse(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

function fingerprint(question: object): string {
  return createHash('sha256').update(canonicalJson(question)).digest('base64url').slice(0, 16);
}

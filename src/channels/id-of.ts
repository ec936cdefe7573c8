import { storable } from './storable.ts';
import { textOf } from './text-of.ts';

const NO_ID: ReadonlySet<string> = new Set(['0', '-1', '-', 'null', 'undefined']);

/** The first of some members that holds an id, as text; null where none does: platforms write 0, -1 and - for none. */
export function idOf(record: Readonly<Record<string, unknown>>, names: readonly string[]): string | null {
  for (const name of names) {
    const text = Object.hasOwn(record, name) ? textOf(storableOf(record[name])) : null;
    if (text !== null && !NO_ID.has(text)) return text;
  }
  return null;
}

function storableOf(value: unknown): unknown {
  return typeof value === 'string' ? storable(value) : value;
}

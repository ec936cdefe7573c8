import type { Place } from './path.ts';

/** What of a record was taken, by key; filled while one record is mapped. */
export interface Marks {
  taken: boolean;
  under: Map<string, Marks> | null; // null: of nothing in it yet, as of most cells of a row
}

/** Nothing taken yet. */
export function noMarks(): Marks {
  return { taken: false, under: null };
}

/** Takes a value, whole. */
export function take(marks: Marks, place: Place): void {
  let at = marks;
  for (const key of place) {
    at.under ??= new Map();
    const known = at.under.get(key);
    const next = known ?? noMarks();
    if (known === undefined) at.under.set(key, next);
    at = next;
  }
  at.taken = true;
}

/** Whether a value, or what it stands in, was taken. */
export function isTaken(marks: Marks, place: Place): boolean {
  let at: Marks | undefined = marks;
  for (const key of place) {
    at = at.under?.get(key);
    if (at === undefined) return false;
    if (at.taken) return true;
  }
  return at.taken;
}

/** A value without what was taken from it, undefined where nothing but blanks is left. */
export function leftOf(value: unknown, marks: Marks | undefined): unknown {
  if (marks?.taken === true || value === null || value === undefined) return undefined;
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value !== 'object' || marks === undefined) return value;
  if (Array.isArray(value)) {
    const left = value.map((item, i) => leftOf(item, marks.under?.get(String(i)))).filter((item) => item !== undefined);
    return left.length === 0 ? undefined : left;
  }
  const left: [string, unknown][] = [];
  for (const key of Object.keys(value)) {
    const rest = leftOf((value as Readonly<Record<string, unknown>>)[key], marks.under?.get(key));
    if (rest !== undefined) left.push([key, rest]);
  }
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

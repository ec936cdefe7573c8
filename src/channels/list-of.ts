import { recordOf } from './record-of.ts';

/** The elements of a list; a record alone counts as a list of one, anything else as an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return recordOf(value) === null ? [] : [value];
}

import type { LabelList } from './field-map.ts';
import { cleanHeader } from './header.ts';
import { isTaken, type Marks, take } from './marks.ts';
import { findPath, type Place } from './path.ts';
import { plainText } from './read-value.ts';

/** A value of a record with what it is called: an answer by its question, or a member by its key. */
export interface Labelled {
  readonly label: string; // as written
  readonly type: string | null; // stable type or id of the question, cleaned
  readonly name: string; // the label, cleaned
  readonly value: unknown;
}

/**
 * The answers of all lists, in order; label, value and type of each are taken. An object in place of a list stands for its
 * members: an answer each, or, where a member is no object, a value by its key. An element without a label is left alone.
 */
export function readLists(record: unknown, lists: readonly LabelList[], marks: Marks): readonly Labelled[] {
  return lists.flatMap((list) => {
    const found = findPath(record, list.path);
    if (found === null) return [];
    return found.places.flatMap((place) => {
      const holder = valueAt(record, place); // a path with [*] finds several lists
      return typeof holder === 'object' && holder !== null
        ? Object.entries(holder).flatMap(([key, element]) => readElement(element, key, [...place, key], list, marks))
        : [];
    });
  });
}

function valueAt(record: unknown, place: Place): unknown {
  return place.reduce((at, key) => (at as Readonly<Record<string, unknown>>)[key], record);
}

function readElement(element: unknown, key: string, place: Place, list: LabelList, marks: Marks): readonly Labelled[] {
  if (isTaken(marks, place)) return [];
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    if (/^\d+$/.test(key)) return [];
    take(marks, place);
    return [labelled(key, null, element)];
  }
  const label = findPath(element, list.label);
  const type = list.type === undefined ? null : findPath(element, list.type);
  const text = plainText(label?.value);
  const kind = plainText(type?.value);
  if (text === null && kind === null) return [];
  if ([label, type].some((found) => found?.places.some((at) => isTaken(marks, [...place, ...at])))) return [];
  const value = findPath(element, list.value);
  for (const found of [label, type, value]) {
    for (const at of found?.places ?? []) take(marks, [...place, ...at]);
  }
  return [labelled(text ?? kind ?? '', kind, value?.value)];
}

/** A labelled value whose label is as written. */
export function labelled(label: string, type: string | null, value: unknown): Labelled {
  return { label, type: type === null ? null : cleanHeader(type), name: cleanHeader(label), value };
}

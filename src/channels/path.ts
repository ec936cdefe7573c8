/** Keys from the record down to a value; elements of lists by their number as text. */
export type Place = readonly string[];

/** A value of a record and where it was found: several places where the path has [*]. */
export interface Found {
  readonly value: unknown;
  readonly places: readonly Place[];
}

const MOST_SEGMENTS = 32;

/** The value at a path: a key that is literally so, else dotted, [0] for an element, [*] for all; undefined where there is none. */
export function readPath(record: unknown, path: string): unknown {
  return findPath(record, path)?.value;
}

/** As `readPath`, with the places; null where nothing is. With [*] the value is the list of what was found, flat. */
export function findPath(record: unknown, path: string): Found | null {
  if (typeof record === 'object' && record !== null && !Array.isArray(record) && Object.hasOwn(record, path)) {
    return { value: (record as Readonly<Record<string, unknown>>)[path], places: [[path]] };
  }
  const found: { value: unknown; place: Place }[] = [];
  walk(record, path, [], found);
  const [first] = found;
  if (first === undefined) return null;
  if (!path.includes('[*]')) {
    return { value: first.value, places: [first.place] };
  }
  return { value: found.map(({ value }) => value), places: found.map(({ place }) => place) };
}

function walk(value: unknown, rest: string, place: Place, found: { value: unknown; place: Place }[]): void {
  if (typeof value !== 'object' || value === null || place.length > MOST_SEGMENTS) return;
  if (!Array.isArray(value) && Object.hasOwn(value, rest)) {
    found.push({ value: (value as Readonly<Record<string, unknown>>)[rest], place: [...place, rest] });
    return;
  }
  const [key, behind] = firstSegment(rest);
  if (key === '') return;
  const members = key === '[*]' ? Object.keys(value) : [key];
  if (key === '[*]' && !Array.isArray(value)) return;
  for (const name of members) {
    if (!isMember(value, name)) continue;
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (behind === '') found.push({ value: member, place: [...place, name] });
    else walk(member, behind, [...place, name], found);
  }
}

/** Own properties only: a list has its elements, not its length. */
function isMember(value: object, name: string): boolean {
  return Array.isArray(value) ? /^\d{1,9}$/.test(name) && Object.hasOwn(value, name) : Object.hasOwn(value, name);
}

/** The first segment of a path without its brackets, but [*], and what follows it. */
function firstSegment(path: string): readonly [string, string] {
  if (path.startsWith('[')) {
    const close = path.indexOf(']');
    if (close < 0) return ['', ''];
    const inner = path.slice(1, close);
    const behind = path.slice(close + 1);
    return [inner === '*' ? '[*]' : inner, behind.startsWith('.') ? behind.slice(1) : behind];
  }
  const end = path.search(/[.[]/);
  if (end < 0) return [path, ''];
  return [path.slice(0, end), path[end] === '.' ? path.slice(end + 1) : path.slice(end)];
}

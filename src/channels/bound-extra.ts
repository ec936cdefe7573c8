import { cut, storable } from './storable.ts';

const MOST_BYTES = 32_768; // of extra as JSON, in the canonical body
const LONGEST_TEXT = 4_000; // characters, keys included
const MOST_MEMBERS = 200;
const MOST_DEPTH = 32;
const SHORTEST_CUT = 16;

export interface BoundedExtra {
  readonly extra: Readonly<Record<string, unknown>>;
  readonly truncated: boolean;
}

/**
 * What no field holds, within the limits of the canonical body: long texts are cut, the longest first, and where that is not
 * enough the last members go. Members beyond 200 are kept within the member `more`. A key that comes twice is numbered.
 */
export function boundExtra(entries: readonly (readonly [string, unknown])[]): BoundedExtra {
  if (entries.length === 0) return { extra: {}, truncated: false };
  const named = withOwnNames(entries);
  const grouped =
    named.length <= MOST_MEMBERS
      ? named
      : withOwnNames([
          ...named.slice(0, MOST_MEMBERS - 1),
          ['more', Object.fromEntries(named.slice(MOST_MEMBERS - 1))],
        ]);
  const whole = Object.fromEntries(grouped);
  for (let longest = LONGEST_TEXT; longest >= SHORTEST_CUT; longest = Math.floor(longest / 2)) {
    const walk = { longest, truncated: longest < LONGEST_TEXT };
    const extra = bounded(whole, walk, MOST_DEPTH) as Readonly<Record<string, unknown>>;
    if (isSmall(extra) || bytesOf(extra) <= MOST_BYTES) return { extra, truncated: walk.truncated };
  }
  return {
    extra: firstMembers(bounded(whole, { longest: SHORTEST_CUT, truncated: true }, MOST_DEPTH)),
    truncated: true,
  };
}

function withOwnNames(entries: readonly (readonly [string, unknown])[]): readonly (readonly [string, unknown])[] {
  const names = new Set<string>();
  const counts = new Map<string, number>(); // so that thousands of one key need no search each
  return entries.map(([key, value]) => {
    let name = key;
    let count = counts.get(key) ?? 1;
    while (names.has(name)) name = `${key} ${++count}`;
    counts.set(key, count);
    names.add(name);
    return [name, value] as const;
  });
}

interface Walk {
  readonly longest: number;
  truncated: boolean;
}

function bounded(value: unknown, walk: Walk, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return shortened(value, walk);
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'boolean':
      return value;
    case 'object':
      return value === null ? null : boundedObject(value, walk, depth);
    default:
      return String(value);
  }
}

function boundedObject(value: object, walk: Walk, depth: number): unknown {
  if (depth === 0) {
    walk.truncated = true;
    return '…';
  }
  if (Array.isArray(value)) return value.map((item) => bounded(item, walk, depth - 1));
  const members = Object.entries(value).map(([key, member]) => [nameOf(key, walk), bounded(member, walk, depth - 1)]);
  return Object.fromEntries(members);
}

/** A key that would set a prototype elsewhere is written without its underscores. */
function nameOf(key: string, walk: Walk): string {
  return key === '__proto__' ? 'proto' : shortened(key, walk);
}

function shortened(text: string, walk: Walk): string {
  const clean = storable(text);
  if (clean.length <= walk.longest) return clean;
  walk.truncated = true;
  return cut(clean, walk.longest);
}

function firstMembers(extra: unknown): Readonly<Record<string, unknown>> {
  const kept: [string, unknown][] = [];
  let bytes = 2;
  for (const [key, value] of Object.entries(extra as object)) {
    bytes += bytesOf({ [key]: value });
    if (bytes > MOST_BYTES) break;
    kept.push([key, value]);
  }
  return Object.fromEntries(kept);
}

/** Whether some texts are far from the limit, each character being six bytes at most: counting is cheaper than writing. */
function isSmall(extra: Readonly<Record<string, unknown>>): boolean {
  let characters = 0;
  for (const key of Object.keys(extra)) {
    const value = extra[key];
    if (typeof value !== 'string') return false;
    characters += key.length + value.length + 6; // two pairs of quotes, colon, comma
  }
  return characters * 6 < MOST_BYTES;
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

import { quoteLongNumbers } from '../domain/json-numbers.ts';
import { readPairs } from './label-pairs.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { findPath, type Place } from './path.ts';

const LONGEST = 262_144; // characters: bodies are bounded to some of these

/**
 * A record whose texts at these paths are decoded where they hold a JSON object or list, and those at the paths of `pairs`
 * where they hold `标签:值;` pairs; any other text stays as it is.
 */
export function decodeNested(
  record: Readonly<Record<string, unknown>>,
  paths: readonly string[],
  pairs: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  let decoded: unknown = record;
  for (const path of paths) decoded = decodeAt(decoded, path, decodeText);
  for (const path of pairs) decoded = decodeAt(decoded, path, decodePairs);
  return decoded as Readonly<Record<string, unknown>>;
}

function decodeAt(record: unknown, path: string, decode: (value: unknown) => unknown): unknown {
  let decoded = record;
  for (const place of findPath(record, path)?.places ?? []) decoded = withValue(decoded, place, decode);
  return decoded;
}

function decodePairs(value: unknown): unknown {
  return typeof value === 'string' && value.length <= LONGEST ? (readPairs(value) ?? value) : value;
}

function decodeText(value: unknown): unknown {
  if (typeof value !== 'string' || value.length > LONGEST || !/^\s*[[{]/.test(value)) return value;
  try {
    const plain: unknown = JSON.parse(value);
    if (!isWithin(plain, NESTED_LIMITS.maxDepth)) return value;
    const exact = quoteLongNumbers(value);
    return exact === value ? plain : JSON.parse(exact);
  } catch {
    return value;
  }
}

function isWithin(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((member) => isWithin(member, depth - 1));
}

/** A copy along the way to one place; what lies beside it is shared. */
function withValue(value: unknown, place: Place, change: (value: unknown) => unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return change(value);
  if (Array.isArray(value)) return value.map((item, i) => (String(i) === key ? withValue(item, rest, change) : item));
  const entries = Object.entries(value as Readonly<Record<string, unknown>>);
  return Object.fromEntries(entries.map(([name, item]) => [name, name === key ? withValue(item, rest, change) : item]));
}

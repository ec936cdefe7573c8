import type { ProblemCode } from './problem-codes.ts';

/** What is wrong with a parsed JSON value, and where (JSON pointer). */
export interface JsonFault {
  readonly code: ProblemCode;
  readonly path: string;
}

/** What one walk over a parsed JSON value found; `members` counts the keys that survived parsing. */
export interface JsonInspection {
  readonly fault: JsonFault | null;
  readonly members: number;
}

interface Walk {
  readonly escapes: boolean;
  members: number;
  path: string[]; // filled from the fault outward
}

/** Looks for keys that pollute prototypes, texts that cannot be stored and numbers beyond a double; depth is bounded before. */
export function inspectJson(value: unknown, escapes: boolean): JsonInspection {
  const walk: Walk = { escapes, members: 0, path: [] };
  const code = visit(value, walk);
  const fault = code === null ? null : { code, path: pointer(walk.path.reverse()) };
  return { fault, members: walk.members };
}

function visit(value: unknown, walk: Walk): ProblemCode | null {
  if (typeof value === 'string') return walk.escapes && isBadText(value) ? 'body_bad_text' : null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'body_number_out_of_range';
  if (typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const code = visit(value[i], walk);
      if (code !== null) return at(code, String(i), walk);
    }
    return null;
  }
  const object = value as Readonly<Record<string, unknown>>;
  for (const key in object) {
    walk.members++;
    const code = keyFault(key, object, walk.escapes) ?? visit(object[key], walk);
    if (code !== null) return at(code, key, walk);
  }
  return null;
}

function keyFault(key: string, object: Readonly<Record<string, unknown>>, escapes: boolean): ProblemCode | null {
  if (key === '__proto__') return 'body_forbidden_key';
  if (key === 'constructor' && typeof object[key] === 'object' && object[key] !== null) {
    if (Object.hasOwn(object[key], 'prototype')) return 'body_forbidden_key';
  }
  return escapes && isBadText(key) ? 'body_bad_text' : null;
}

function at(code: ProblemCode, key: string, walk: Walk): ProblemCode {
  walk.path.push(key);
  return code;
}

/** A NUL, which Postgres cannot store, or half of a surrogate pair, which UTF-8 cannot say. */
function isBadText(text: string): boolean {
  return /[\0\p{Surrogate}]/u.test(text);
}

const LONGEST_POINTER = 256;

/** A JSON pointer (RFC 6901), cut at 256 characters, that is itself storable text. */
export function pointer(keys: readonly string[]): string {
  const text = keys.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  return text.slice(0, LONGEST_POINTER).replace(/[\0\p{Surrogate}]/gu, '\uFFFD');
}

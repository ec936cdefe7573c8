import { isUtf8 } from 'node:buffer';
import { quoteLongNumbers } from '../domain/json-numbers.ts';
import { scanJson } from '../domain/json-scan.ts';
import { findDuplicateKey } from './json-duplicate.ts';
import { jsonErrorPosition } from './json-error.ts';
import { inspectJson } from './json-inspect.ts';
import { problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';

/** How much structure a JSON text may hold. */
export interface JsonLimits {
  readonly jsonMaxDepth: number;
  readonly jsonMaxKeys: number; // members of objects and elements of lists, over the whole text
}

/**
 * Parses untrusted JSON bytes; throws a problem (`body_…`) that names the place and never the content.
 * An integer beyond 2^53 or a decimal that a double cannot hold becomes text with all its digits.
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits): unknown {
  if (!isUtf8(bytes)) throw problem('body_not_utf8');
  const text = textOf(bytes);
  if (text.trim() === '') throw problem('body_empty');
  const scan = scanJson(bytes);
  if (scan.depth > limits.jsonMaxDepth) {
    throw problem('body_too_deep', { detail: `It may be nested ${limits.jsonMaxDepth} deep.` });
  }
  if (scan.values > limits.jsonMaxKeys) {
    throw problem('body_too_many_keys', { detail: `It may hold ${limits.jsonMaxKeys} keys and elements.` });
  }
  const value = parseText(text);
  const { fault, members } = inspectJson(value, scan.escapes);
  if (fault !== null) throw faultAt(fault.code, fault.path);
  // JSON.parse keeps the last of two equal keys, so fewer are left than the text has colons.
  if (members !== scan.members) throw faultAt('body_duplicate_key', findDuplicateKey(text));
  return scan.longNumber ? JSON.parse(quoteLongNumbers(text)) : value;
}

/** A byte order mark is not part of the text. */
function textOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // V8's message quotes the text, which is a person's: so the position is found anew.
    const position = jsonErrorPosition(text);
    if (position !== null && position >= text.length) {
      throw problem('body_truncated', { detail: `It ends at character ${text.length}, inside a value.` });
    }
    throw problem(
      'body_not_json',
      position === null ? {} : { detail: `At ${lineAndColumn(text, position)}.`, members: { position } },
    );
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

function faultAt(code: ProblemCode, path: string): Error {
  return problem(code, { detail: `At ${path}.`, members: { path } });
}

import type { CanonicalField } from './canonical-field.ts';
import { cleanHeader } from './header.ts';
import { DENIED_WORDS, HEADER_WORDS, INNER_WORDS } from './header-words.ts';

/** How surely a header names a field: by itself, by a word within a question, or by a word that may mean something else. */
export type HeaderStrength = 'exact' | 'contains' | 'weak';

export interface HeaderMatch {
  readonly field: CanonicalField;
  readonly strength: HeaderStrength;
}

const MOST_OF_A_QUESTION = 40; // longer ones are statements, which hold words of every field
const NUMBERED = /^(.*\p{Script=Han})\d{1,2}$/u; // 手机2

const EXACT: ReadonlyMap<string, HeaderMatch> = new Map([
  ...HEADER_WORDS.flatMap(({ field, weak = '' }) => entriesOf(weak, { field, strength: 'weak' })),
  ...HEADER_WORDS.flatMap(({ field, strong }) => entriesOf(strong, { field, strength: 'exact' })),
]);
const INNER: ReadonlyMap<string, HeaderMatch> = new Map(
  INNER_WORDS.flatMap(([field, words]) => entriesOf(words, { field, strength: 'contains' })),
);
const INNER_WORD = anyOf([...INNER.keys()]);
const DENIED_WORD = anyOf(DENIED_WORDS.flatMap((words) => words.split(' ')));

/** The field that a header or question names, or null; exactly first, then by a word within unless that is denied. */
export function fieldOf(header: string): HeaderMatch | null {
  return cleanFieldOf(cleanHeader(header));
}

/** As `fieldOf`, of a header that is cleaned already. */
export function cleanFieldOf(clean: string): HeaderMatch | null {
  const exact = exactFieldOf(clean);
  if (exact !== null) return exact;
  if (clean.length > MOST_OF_A_QUESTION || DENIED_WORD.test(clean)) return null;
  const word = INNER_WORD.exec(clean)?.[0];
  return word === undefined ? null : (INNER.get(word) ?? null);
}

/** The field that cleaned text names as a whole, or null: for types and ids of questions, which are no sentences. */
export function exactFieldOf(clean: string): HeaderMatch | null {
  const match = EXACT.get(clean);
  if (match !== undefined) return match;
  const numbered = NUMBERED.exec(clean)?.[1];
  return numbered === undefined ? null : (EXACT.get(numbered) ?? null);
}

function entriesOf(words: string, match: HeaderMatch): readonly (readonly [string, HeaderMatch])[] {
  return words.split(' ').flatMap((word) => (word === '' ? [] : [[cleanHeader(word), match] as const]));
}

/** One scan for all words, longest first, so that 手机号码 is not read as 手机. */
function anyOf(words: readonly string[]): RegExp {
  return new RegExp([...words].sort((a, b) => b.length - a.length).join('|'));
}

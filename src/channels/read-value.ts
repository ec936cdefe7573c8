import { cleanText } from '../domain/clean.ts';
import { type AbsentKind, isAbsent } from './absent.ts';
import { CANONICAL_FIELDS, type CanonicalField } from './canonical-field.ts';
import { FIELD_KINDS, type FieldKind } from './field-kind.ts';
import { readGender } from './gender.ts';
import { readRegion } from './region.ts';
import { storable } from './storable.ts';
import { readTime } from './time.ts';

/** What a raw value came to as the value of a field. */
export type Reading =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly why: 'too_long' | 'unreadable' };

/** What the maps say of all values. */
export interface ReadingRules {
  readonly zone: string;
  readonly absent: ReadonlySet<string>; // in lower case
  readonly idPrefixes?: readonly string[];
  readonly codes: readonly { readonly [F in CanonicalField]?: Readonly<Record<string, string>> }[]; // the first map first
}

const ABSENT: Reading = { kind: 'absent' };
const UNREADABLE: Reading = { kind: 'refused', why: 'unreadable' };
const TOO_LONG: Reading = { kind: 'refused', why: 'too_long' };

/** Fields that hold the ids of others: mostly long numbers. */
const IDS: ReadonlySet<CanonicalField> = new Set(CANONICAL_FIELDS.filter((field) => /(?:_id|\.id)$/.test(field)));
/** A long number as spreadsheets write it: 7.3E+18 has lost its digits, and would be one id of many leads. */
const LOST = /^\d(?:\.\d*)?E\+\d{1,3}$/i;

const TRUE: ReadonlySet<string> = new Set(['true', '1', 'yes', 'y', '是']);
const FALSE: ReadonlySet<string> = new Set(['false', '0', 'no', 'n', '否']);
const RENMINBI: ReadonlySet<string> = new Set(['RMB', '人民币', '元', '¥', 'CNH']);
const TAG_BREAK = /[,，、;；|\n]/;
const MOST_TAGS = 50;
const LONGEST_TAG = 64;

/** Reads one value for a field: by its kind, within the limits of the canonical body. Never throws, and never guesses. */
export function readValue(field: CanonicalField, raw: unknown, rules: ReadingRules): Reading {
  const kind = FIELD_KINDS[field];
  if (kind.kind === 'tags') return readTags(raw, rules);
  const typed = plainText(raw);
  if (typed === null) return typeof raw === 'object' && raw !== null ? UNREADABLE : ABSENT;
  const coded = decoded(field, typed, rules);
  const text = coded === undefined || !IDS.has(field) ? coded : withoutPrefix(coded, rules);
  if (text === undefined || isAbsent(text, absentKindOf(kind), rules.absent)) return ABSENT;
  if (LOST.test(text) && IDS.has(field)) return UNREADABLE;
  return readText(kind, text, rules.zone);
}

/** A value as text: numbers and booleans as written, texts of a list joined with 、; null for anything else and for blanks. */
export function plainText(raw: unknown): string | null {
  switch (typeof raw) {
    case 'string':
      return cleanText(storable(raw)) ?? null;
    case 'number':
      return Number.isFinite(raw) ? String(raw) : null;
    case 'boolean':
    case 'bigint':
      return String(raw);
    default:
      return Array.isArray(raw) ? joined(raw) : null;
  }
}

function joined(list: readonly unknown[]): string | null {
  const texts = list.map((item) => (Array.isArray(item) ? null : plainText(item)));
  if (list.some((item, i) => texts[i] === null && typeof item === 'object' && item !== null)) return null;
  const held = texts.filter((text) => text !== null);
  return held.length === 0 ? null : held.join('、');
}

function decoded(field: CanonicalField, text: string, { codes }: ReadingRules): string | undefined {
  for (const map of codes) {
    const table = map[field];
    if (table !== undefined && Object.hasOwn(table, text)) return cleanText(table[text]);
  }
  return text;
}

function withoutPrefix(text: string, { idPrefixes = [] }: ReadingRules): string {
  const prefix = idPrefixes.find((one) => text.startsWith(one));
  const rest = prefix === undefined ? '' : text.slice(prefix.length);
  return /^\d+$/.test(rest) ? rest : text;
}

function absentKindOf(kind: FieldKind): AbsentKind {
  return kind.kind === 'text' ? kind.absent : 'plain';
}

function readText(kind: Exclude<FieldKind, { kind: 'tags' }>, text: string, zone: string): Reading {
  switch (kind.kind) {
    case 'text':
      return text.length > kind.most ? TOO_LONG : { kind: 'value', value: text };
    case 'moment':
      return valueOr(readTime(text, zone));
    case 'flag':
      return TRUE.has(text.toLowerCase()) ? { kind: 'value', value: true } : readFalse(text);
    case 'number':
      return readNumber(text, /^\d{1,12}(?:\.\d{1,6})?$/, kind.most);
    case 'amount':
      return readNumber(text, /^\d{1,16}$/, Number.MAX_SAFE_INTEGER);
    case 'currency':
      return readCurrency(text.toUpperCase());
    case 'choice':
      return valueOr(kind.of.includes(text) ? text : null);
    case 'gender':
      return readGenderValue(text);
    case 'region':
      return valueOr(readRegion(text));
  }
}

function valueOr(value: unknown): Reading {
  return value === null ? UNREADABLE : { kind: 'value', value };
}

function readFalse(text: string): Reading {
  return valueOr(FALSE.has(text.toLowerCase()) ? false : null);
}

function readNumber(text: string, form: RegExp, most: number): Reading {
  const number = form.test(text) ? Number(text) : Number.NaN;
  return number <= most ? { kind: 'value', value: number } : UNREADABLE;
}

function readCurrency(text: string): Reading {
  if (RENMINBI.has(text)) return { kind: 'value', value: 'CNY' };
  return valueOr(/^[A-Z]{3}$/.test(text) ? text : null);
}

/** A gender that is said to be unknown is no value: it must not take the place of one that is known. */
function readGenderValue(text: string): Reading {
  const gender = readGender(text);
  return gender === 'unknown' ? ABSENT : valueOr(gender);
}

function readTags(raw: unknown, { absent }: ReadingRules): Reading {
  const list = Array.isArray(raw)
    ? raw
    : (plainText(raw)?.split(TAG_BREAK) ?? (raw === null || raw === undefined ? [] : [raw]));
  const tags = new Set<string>();
  for (const item of list) {
    const tag = Array.isArray(item) ? null : plainText(item);
    if (tag === null && typeof item === 'object' && item !== null) return UNREADABLE;
    if (tag === null || isAbsent(tag, 'plain', absent)) continue;
    if (tag.length > LONGEST_TAG) return TOO_LONG;
    tags.add(tag);
  }
  if (tags.size > MOST_TAGS) return TOO_LONG;
  return tags.size === 0 ? ABSENT : { kind: 'value', value: [...tags] };
}

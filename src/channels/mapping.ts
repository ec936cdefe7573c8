import type { Draft } from '../domain/submission.ts';
import type { CanonicalField } from './canonical-field.ts';
import type { KnownHeader } from './header-memo.ts';
import type { Labelled } from './labelled.ts';
import type { Marks } from './marks.ts';
import type { ReadingRules } from './read-value.ts';
import { cut } from './storable.ts';

/** A field that was filled, from where, and with what. */
export interface MappedField {
  readonly field: CanonicalField;
  readonly from: string; // path, label, `constant` or `expression`
  readonly value: unknown;
}

/** What a record came to. */
export interface Mapping {
  readonly draft: Draft;
  readonly fields: readonly MappedField[];
  readonly unmapped: readonly string[]; // keys and labels that no field took: they are in `extra`
  readonly warnings: readonly string[]; // too_long:FIELD, unreadable:FIELD, ambiguous:FIELD, wecom_incomplete, extra_truncated
}

/** A record while it is being mapped. */
export interface Work {
  readonly record: Readonly<Record<string, unknown>>;
  readonly marks: Marks;
  readonly answers: readonly Labelled[];
  readonly left: Set<Labelled>; // answers that nothing took
  readonly rules: ReadingRules;
  readonly headerOf: (header: string) => KnownHeader;
  readonly groups: Map<string, Record<string, unknown>>; // by group; the fields of no group under ''
  readonly filled: Set<CanonicalField>;
  readonly fields: MappedField[];
  readonly warnings: Set<string>;
  readonly extra: [string, unknown][]; // values that are in no record, and that no field could hold
  keysByName: ReadonlyMap<string, readonly string[]> | null; // keys of the record by their cleaned names, once asked for
  clickIdKind: string | null; // what the click id was called
  unreadTime: { readonly text: string; readonly from: string; readonly take: () => void } | null;
}

/** Fills a field; false where only a part of the value found its place, so that the whole has to be kept too. */
export function put(work: Work, field: CanonicalField, value: unknown, from: string): boolean {
  work.fields.push({ field, from, value });
  if (field !== 'region') {
    fill(work, field, value);
    return true;
  }
  work.filled.add('region');
  const parts = Object.entries(value as object).map(
    ([part, text]) => [`person.${part}` as CanonicalField, text] as const,
  );
  // 64 characters of province, city and district, 300 of a street: a region has 300 in all.
  const free = parts.filter(
    ([part, text]) => !work.filled.has(part) && (part === 'person.street' || text.length <= 64),
  );
  for (const [part, text] of free) fill(work, part, text);
  return free.length === parts.length;
}

/** A group as it is so far; names of fields are no names of prototypes. */
export function groupOf({ groups }: Work, name: string): Record<string, unknown> {
  const known = groups.get(name);
  if (known !== undefined) return known;
  const group: Record<string, unknown> = {};
  groups.set(name, group);
  return group;
}

function fill(work: Work, field: CanonicalField, value: unknown): void {
  const dot = field.indexOf('.');
  const name = dot < 0 ? '' : field.slice(0, dot);
  groupOf(work, name)[field.slice(dot + 1)] = value;
  work.filled.add(field);
}

/** Lets what no rule could read as the time go on as typed: the way in refuses it with `date_invalid`, and nothing is lost. */
export function putUnreadTime(work: Work): void {
  if (work.unreadTime === null || work.filled.has('occurred_at')) return;
  const { text, from, take } = work.unreadTime;
  const typed = cut(text, 64); // limit of a moment
  put(work, 'occurred_at', typed, from);
  if (typed === text) take();
}

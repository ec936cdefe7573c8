import type { CanonicalField } from './canonical-field.ts';
import type { CompiledMaps } from './compiled-maps.ts';
import type { FieldRule } from './field-map.ts';
import { put, type Work } from './mapping.ts';
import { take } from './marks.ts';
import { findPath } from './path.ts';
import { plainText, readValue } from './read-value.ts';

/** Fills what the rules name, each field by its first rule that has a value. */
export function applyRules(
  work: Work,
  compiled: CompiledMaps['rules'],
  computed: Readonly<Record<string, unknown>>,
): void {
  for (const { field, rules } of compiled) {
    if (work.filled.has(field)) continue;
    for (const rule of rules) if (applyRule(work, field, rule, computed)) break;
  }
}

function applyRule(
  work: Work,
  field: CanonicalField,
  rule: FieldRule,
  computed: Readonly<Record<string, unknown>>,
): boolean {
  if ('path' in rule) {
    const found = findPath(work.record, rule.path);
    if (found === null) return false;
    const last = found.places[0]?.at(-1) ?? rule.path;
    return accept(work, field, { raw: found.value, from: rule.path, name: last }, () => {
      for (const place of found.places) take(work.marks, place);
    });
  }
  if ('label' in rule) return applyLabel(work, field, rule.label);
  if ('constant' in rule) {
    return accept(work, field, { raw: rule.constant, from: 'constant', name: null }, () => {});
  }
  if (!Object.hasOwn(computed, field)) return false;
  const raw = computed[field];
  const isRead = accept(work, field, { raw, from: 'expression', name: null }, () => {});
  if (!isRead && plainText(raw) !== null && isWarned(work, field)) work.extra.push([field, raw]);
  return isRead;
}

/** The answers to a question, then the keys of the record that read alike: the columns of a sheet. */
function applyLabel(work: Work, field: CanonicalField, label: string): boolean {
  const { name } = work.headerOf(label);
  for (const by of ['type', 'name'] as const) {
    for (const answer of work.answers) {
      if (answer[by] !== name) continue;
      const source = { raw: answer.value, from: answer.label, name: answer.label };
      if (accept(work, field, source, () => work.left.delete(answer))) return true;
    }
  }
  work.keysByName ??= keysByName(work);
  for (const key of work.keysByName.get(name) ?? []) {
    const source = { raw: work.record[key], from: key, name: key };
    if (accept(work, field, source, () => take(work.marks, [key]))) return true;
  }
  return false;
}

function keysByName({ record, headerOf }: Work): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const key of Object.keys(record)) {
    const { name } = headerOf(key);
    const known = keys.get(name);
    if (known === undefined) keys.set(name, [key]);
    else known.push(key);
  }
  return keys;
}

interface RawValue {
  readonly raw: unknown;
  readonly from: string;
  readonly name: string | null; // what it is called, for the kind of a click id
}

/** Fills the field if the value can be read; a value that says there is none is taken, one that cannot be read stays. */
function accept(work: Work, field: CanonicalField, { raw, from, name }: RawValue, takeIt: () => void): boolean {
  const reading = readValue(field, raw, work.rules);
  switch (reading.kind) {
    case 'absent':
      takeIt();
      return false;
    case 'refused':
      work.warnings.add(`${reading.why}:${field}`);
      if (field === 'occurred_at') work.unreadTime ??= { text: plainText(raw) ?? 'unreadable', from, take: takeIt };
      return false;
    case 'value':
      if (field === 'traffic.click_id') work.clickIdKind = name;
      if (put(work, field, reading.value, from)) takeIt();
      return true;
  }
}

function isWarned(work: Work, field: CanonicalField): boolean {
  return work.warnings.has(`too_long:${field}`) || work.warnings.has(`unreadable:${field}`);
}

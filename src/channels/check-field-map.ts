import { CANONICAL_FIELDS, type CanonicalField } from './canonical-field.ts';
import { type FieldMapFault, PATH_MESSAGE, rulesFaults, textFaults } from './check-rule.ts';
import { isFaultyPath } from './faulty-path.ts';
import type { FieldMap } from './field-map.ts';
import { isZone } from './zoned.ts';

/** A value as a field map, or all that is wrong with it. */
export type CheckedFieldMap = { readonly map: FieldMap } | { readonly faults: readonly FieldMapFault[] };

type Check = (value: unknown, path: string) => readonly FieldMapFault[];

const FIELDS: ReadonlySet<string> = new Set(CANONICAL_FIELDS);
const SYNONYMS: readonly unknown[] = ['all', 'labels', 'none'];
const MOST_ITEMS = 200;
const MOST_LISTS = 20;
const MOST_CODES = 200;
const MOST_FAULTS = 50;

const MEMBERS: Readonly<Record<string, Check>> = {
  fields: fieldsFaults,
  lists: (value, path) => listFaults(value, path, MOST_LISTS, labelListFaults),
  nested: (value, path) => listFaults(value, path, MOST_ITEMS, pathFaults),
  pairs: (value, path) => listFaults(value, path, MOST_ITEMS, pathFaults),
  synonyms: (value, path) => (SYNONYMS.includes(value) ? [] : [{ path, message: 'must be all, labels or none' }]),
  ignore: (value, path) => listFaults(value, path, MOST_ITEMS, pathFaults),
  absent: (value, path) => listFaults(value, path, MOST_ITEMS, (text, at) => textFaults(text, 100, at)),
  id_prefixes: (value, path) => listFaults(value, path, MOST_ITEMS, (text, at) => textFaults(text, 20, at)),
  zone: (value, path) =>
    typeof value === 'string' && isZone(value)
      ? []
      : [{ path, message: 'must be an IANA time zone such as Asia/Shanghai' }],
  codes: codesFaults,
};

/** Checks a field map that an operator gave: its form, not the syntax of its expressions. Never throws for a JSON value. */
export function checkFieldMap(value: unknown): CheckedFieldMap {
  const faults = objectFaults(value, '', (member, at, name) =>
    Object.hasOwn(MEMBERS, name) ? (MEMBERS[name]?.(member, at) ?? []) : [{ path: at, message: UNKNOWN }],
  );
  const isMissing = faults.length === 0 && !Object.hasOwn(value as object, 'fields');
  const all = isMissing ? [{ path: '/fields', message: 'must be given' }] : faults;
  return all.length === 0 ? { map: value as FieldMap } : { faults: all.slice(0, MOST_FAULTS) };
}

const UNKNOWN = `must not be given: a field map has ${Object.keys(MEMBERS).join(', ')}`;

function fieldsFaults(value: unknown, path: string): readonly FieldMapFault[] {
  return objectFaults(value, path, (rules, at, name) => (isField(name) ? rulesFaults(name, rules, at) : noField(at)));
}

function codesFaults(value: unknown, path: string): readonly FieldMapFault[] {
  return objectFaults(value, path, (codes, at, name) => {
    if (!isField(name)) return noField(at);
    const faults = objectFaults(codes, at, (text, place) =>
      typeof text === 'string' && text.length <= 200
        ? []
        : [{ path: place, message: 'must be a text of up to 200 characters' }],
    );
    const isLarge = faults.length === 0 && Object.keys(codes as object).length > MOST_CODES;
    return isLarge ? [{ path: at, message: `must hold ${MOST_CODES} codes at most` }] : faults;
  });
}

function labelListFaults(value: unknown, path: string): readonly FieldMapFault[] {
  const names = ['path', 'label', 'value', 'type'];
  const faults = objectFaults(value, path, (member, at, name) =>
    names.includes(name)
      ? pathFaults(member, at)
      : [{ path: at, message: `must not be given: a list has ${names.join(', ')}` }],
  );
  if (faults.length > 0) return faults;
  const missing = names.slice(0, 3).filter((name) => !Object.hasOwn(value as object, name));
  return missing.map((name) => ({ path: `${path}/${name}`, message: 'must be given' }));
}

function pathFaults(value: unknown, path: string): readonly FieldMapFault[] {
  return isFaultyPath(value) ? [{ path, message: PATH_MESSAGE }] : [];
}

function listFaults(value: unknown, path: string, most: number, check: Check): readonly FieldMapFault[] {
  if (!Array.isArray(value) || value.length > most) return [{ path, message: `must be a list of at most ${most}` }];
  return value.flatMap((item, i) => check(item, `${path}/${i}`));
}

function objectFaults(
  value: unknown,
  path: string,
  check: (member: unknown, path: string, name: string) => readonly FieldMapFault[],
): readonly FieldMapFault[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [{ path, message: 'must be an object' }];
  return Object.entries(value).flatMap(([name, member]) => {
    const key = name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
    return check(member, `${path}/${key}`, name);
  });
}

function isField(name: string): name is CanonicalField {
  return FIELDS.has(name);
}

function noField(path: string): readonly FieldMapFault[] {
  return [{ path, message: 'must be a field of the canonical body, such as person.phone' }];
}

import type { ImportColumn } from '../domain/import.ts';
import { CANONICAL_FIELDS, type CanonicalField } from './canonical-field.ts';
import { rulesOf } from './expressions.ts';
import type { FieldMap } from './field-map.ts';
import { cleanHeader } from './header.ts';
import { cleanFieldOf, type HeaderStrength } from './vocabulary.ts';

/** What a column is for. */
export interface ColumnMatch {
  readonly field: CanonicalField | null; // null: a rule names it as a list of values of several fields
  readonly how: NonNullable<ImportColumn['how']>;
  readonly rank: number; // among the columns of one field: the lowest goes first
}

const AFTER_RULES: Readonly<Record<HeaderStrength, number>> = { exact: 10_000, contains: 10_001, weak: 10_002 };

/** Tells what a column is for by its key, or null: a rule of a map goes before the vocabulary, in the order of maps and rules. */
export function columnMatcher(maps: readonly FieldMap[]): (key: string) => ColumnMatch | null {
  const { byPath, byLabel } = ruleColumns(maps);
  const lists = new Set(maps.flatMap(listRoots));
  const isRead = maps.find((map) => map.synonyms !== undefined)?.synonyms === 'all';
  return (key) => {
    const name = cleanHeader(key);
    const rule = first(byPath.get(key), byLabel.get(name));
    if (rule !== undefined) return rule;
    if (lists.has(key)) return { field: null, how: 'rule', rank: 0 };
    const word = isRead ? cleanFieldOf(name) : null;
    return word === null ? null : { field: word.field, how: word.strength, rank: AFTER_RULES[word.strength] };
  };
}

interface RuleColumns {
  readonly byPath: ReadonlyMap<string, ColumnMatch>;
  readonly byLabel: ReadonlyMap<string, ColumnMatch>;
}

/** What each path and label stands for; one that two fields name stands for the first of them. */
function ruleColumns(maps: readonly FieldMap[]): RuleColumns {
  const byPath = new Map<string, ColumnMatch>();
  const byLabel = new Map<string, ColumnMatch>();
  for (const field of CANONICAL_FIELDS) {
    for (const [rank, rule] of maps.flatMap((map) => rulesOf(map, field)).entries()) {
      const match = { field, how: 'rule', rank } as const;
      if ('path' in rule && !byPath.has(rule.path)) byPath.set(rule.path, match);
      if ('label' in rule && !byLabel.has(cleanHeader(rule.label))) byLabel.set(cleanHeader(rule.label), match);
    }
  }
  return { byPath, byLabel };
}

/** The columns whose texts are decoded to several values. */
function listRoots({ nested = [], pairs = [], lists = [] }: FieldMap): readonly string[] {
  const paths = [...nested, ...pairs, ...lists.map(({ path }) => path)];
  return paths.flatMap((path) => [path, path.split(/[.[]/, 1)[0] ?? path]);
}

function first(path: ColumnMatch | undefined, label: ColumnMatch | undefined): ColumnMatch | undefined {
  if (path === undefined || label === undefined) return path ?? label;
  const order =
    CANONICAL_FIELDS.indexOf(path.field ?? 'external_id') - CANONICAL_FIELDS.indexOf(label.field ?? 'external_id');
  return order < 0 || (order === 0 && path.rank <= label.rank) ? path : label;
}

import { CANONICAL_FIELDS, type CanonicalField } from './canonical-field.ts';
import type { FieldMap, FieldRule } from './field-map.ts';

/** An expression that a map has for a field. */
export interface FieldExpression {
  readonly field: CanonicalField;
  readonly expression: string;
}

/** The expressions to be evaluated before a record is mapped: of each field the first, in the order of the maps. */
export function expressionsOf(maps: readonly FieldMap[]): readonly FieldExpression[] {
  return CANONICAL_FIELDS.flatMap((field) => {
    const rule = maps.flatMap((map) => rulesOf(map, field)).find((one) => 'expression' in one);
    return rule === undefined || !('expression' in rule) ? [] : [{ field, expression: rule.expression }];
  });
}

/** The rules of a map for a field, in order. */
export function rulesOf(map: FieldMap, field: CanonicalField): readonly FieldRule[] {
  const rules = map.fields[field];
  if (rules === undefined) return [];
  return Array.isArray(rules) ? rules : [rules as FieldRule];
}

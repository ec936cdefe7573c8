import type { CanonicalField } from './canonical-field.ts';
import { isFaultyPath } from './faulty-path.ts';
import { readValue } from './read-value.ts';

/** What is wrong with a field map, and where (JSON pointer). */
export interface FieldMapFault {
  readonly path: string;
  readonly message: string; // goes on from `the value at PATH`: must be …
}

const KINDS = ['path', 'label', 'constant', 'expression'];
const LONGEST = { label: 200, expression: 4_000 } as const;
const MOST_RULES = 10;
const RULES = { zone: 'Asia/Shanghai', absent: new Set<string>(), codes: [] };

/** The faults of the rules of one field: one rule or a list of at most 10, one expression among them. */
export function rulesFaults(field: CanonicalField, value: unknown, path: string): readonly FieldMapFault[] {
  if (!Array.isArray(value)) return ruleFaults(field, value, path);
  if (value.length === 0 || value.length > MOST_RULES) return [{ path, message: `must hold 1 to ${MOST_RULES} rules` }];
  const faults = value.flatMap((rule, i) => ruleFaults(field, rule, `${path}/${i}`));
  const expressions = value.filter((rule) => typeof rule === 'object' && rule !== null && 'expression' in rule);
  return expressions.length > 1 ? [...faults, { path, message: 'must hold one expression at most' }] : faults;
}

function ruleFaults(field: CanonicalField, rule: unknown, path: string): readonly FieldMapFault[] {
  const kinds = typeof rule === 'object' && rule !== null ? Object.keys(rule) : [];
  const [kind = ''] = kinds;
  if (kinds.length !== 1 || !KINDS.includes(kind)) {
    return [{ path, message: 'must have exactly one of path, label, constant and expression' }];
  }
  const value = (rule as Readonly<Record<string, unknown>>)[kind];
  return valueFaults(field, kind, value, `${path}/${kind}`);
}

function valueFaults(field: CanonicalField, kind: string, value: unknown, path: string): readonly FieldMapFault[] {
  switch (kind) {
    case 'path':
      return isFaultyPath(value) ? [{ path, message: PATH_MESSAGE }] : [];
    case 'constant':
      return constantFaults(field, value, path);
    case 'label':
      return textFaults(value, LONGEST.label, path);
    default:
      return textFaults(value, LONGEST.expression, path);
  }
}

export const PATH_MESSAGE = 'must be a path such as data.phone, list[0].value or list[*].value, of 1 to 300 characters';

function constantFaults(field: CanonicalField, value: unknown, path: string): readonly FieldMapFault[] {
  if (!['string', 'number', 'boolean'].includes(typeof value)) {
    return [{ path, message: 'must be a text, a number or a boolean' }];
  }
  return readValue(field, value, RULES).kind === 'value' ? [] : [{ path, message: `must be a value of ${field}` }];
}

/** The faults of a text that must have 1 to `most` characters. */
export function textFaults(value: unknown, most: number, path: string): readonly FieldMapFault[] {
  const isFine = typeof value === 'string' && value.trim() !== '' && value.length <= most;
  return isFine ? [] : [{ path, message: `must be a text of 1 to ${most} characters` }];
}

import type { ErrorObject } from 'ajv';
import { MAX_JSON_BYTES, MAX_TEXT_LENGTH } from './bound-keywords.ts';
import { didYouMean } from './did-you-mean.ts';
import type { FieldError } from './problem.ts';

/** Most faults of one body that are listed. */
export const MOST_FIELD_ERRORS = 50;

/** Names one fault of the schema check for the caller: the place, a stable code, what is wrong; never the value. */
export function fieldError(error: ErrorObject): FieldError {
  const { instancePath: at, keyword, params } = error;
  switch (keyword) {
    case 'required':
      return fault(`${at}/${params['missingProperty']}`, 'required', 'is required');
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownField(error);
    case 'type':
      return fault(at, 'type', `must be ${typeWords(params['type'] as string | readonly string[])}`, typeHint(error));
    case 'enum':
      return notListed(error);
    case 'const':
      return fault(at, 'not_listed', `must be ${JSON.stringify(params['allowedValue'])}`);
    case 'maxLength':
    case MAX_TEXT_LENGTH:
      return fault(at, 'too_long', `must have at most ${params['limit']} characters`);
    case MAX_JSON_BYTES:
      return fault(at, 'too_large', `must have at most ${params['limit']} bytes as JSON`);
    case 'minLength':
      return fault(at, 'too_short', `must have at least ${params['limit']} characters`);
    case 'maxItems':
    case 'maxProperties':
      return fault(at, 'too_many', `must hold at most ${params['limit']}`);
    case 'minItems':
    case 'minProperties':
      return fault(at, 'too_few', `must hold at least ${params['limit']}`);
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return fault(at, 'out_of_range', `must be ${params['comparison']} ${params['limit']}`);
    case 'format':
      return fault(at, 'format', `must be a valid ${params['format']}`);
    case 'pattern':
      return fault(at, 'pattern', `must match ${params['pattern']}`);
    case 'uniqueItems':
      return fault(at, 'duplicate', 'must not name the same twice');
    default:
      return fault(at, 'not_allowed', 'is not allowed here');
  }
}

function fault(path: string, code: string, message: string, hint?: string): FieldError {
  return hint === undefined ? { path, code, message } : { path, code, message, hint };
}

const FREE_TEXT_HINT = 'What has no field of its own belongs under extra.';

function unknownField({ instancePath, params, parentSchema }: ErrorObject): FieldError {
  const name = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
  const known = Object.keys((parentSchema?.['properties'] ?? {}) as object);
  const near = didYouMean(name, known);
  const hint = near !== null ? `Did you mean ${near}?` : known.includes('extra') ? FREE_TEXT_HINT : undefined;
  return fault(`${instancePath}/${escapeKey(name)}`, 'unknown_field', 'is not a known field', hint);
}

function notListed({ instancePath, params, data }: ErrorObject): FieldError {
  const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
  const near = typeof data === 'string' ? didYouMean(data, allowed) : null;
  const hint = near === null ? undefined : `Did you mean ${near}?`;
  return fault(instancePath, 'not_listed', `must be one of ${allowed.join(', ')}`, hint);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  null: 'null',
};

function typeWords(type: string | readonly string[]): string {
  const types = typeof type === 'string' ? type.split(',') : type;
  return types.map((one) => TYPE_WORDS[one] ?? one).join(' or ');
}

function typeHint({ data, params }: ErrorObject): string | undefined {
  if (data === null) return 'Leave a field out that has no value; a blank never erases.';
  if (params['type'] === 'string' && typeof data === 'number') return 'Put it in quotes.';
  if (typeof data === 'string' && /^(integer|number|boolean)$/.test(String(params['type'])))
    return 'Remove the quotes.';
  return undefined;
}

const LONGEST_KEY = 128;

function escapeKey(key: string): string {
  return key.slice(0, LONGEST_KEY).replaceAll('~', '~0').replaceAll('/', '~1');
}

import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import type { TSchema } from 'typebox';
import { addBounds } from './bound-keywords.ts';
import { fieldError, MOST_FIELD_ERRORS } from './field-errors.ts';
import { type FieldError, problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';

/** What a check came to: the faults of a value, or none. */
export type Check = (value: unknown) => readonly FieldError[];
/** Compiles schemas into checks; one per app. */
export interface Validators {
  /** A check of a body: nothing is coerced, dropped or filled in. */
  readonly body: (schema: TSchema) => Check;
  /** A check of a query or of path parameters, whose texts become numbers and booleans where the schema says so. */
  readonly text: (schema: TSchema) => Check;
}

const SHARED: Options = {
  strict: true,
  allowUnionTypes: true,
  removeAdditional: false,
  messages: false,
  logger: false,
};
const LENIENT: Options = { ...SHARED, coerceTypes: true, useDefaults: true };
const LIST_ALL: Options = { verbose: true, allErrors: true };
// Past so many values of one item a fault is named alone: a hostile list of 10,000 faulty consents costs nothing.
const MOST_VALUES_LISTED = 2_000;

/** Ajv in the few configurations that are needed. Compiling a large schema takes 50 to 100 ms, so all is done at start. */
export function createValidators(): Validators {
  const first = ajv({ ...SHARED, verbose: true });
  const all = ajv({ ...SHARED, ...LIST_ALL });
  const text = ajv({ ...LENIENT, verbose: true });
  return {
    body: (schema) => checkWith(first.compile(schema), all.compile(schema)),
    text: (schema) => checkWith(text.compile(schema), null),
  };
}

function ajv(options: Options): Ajv {
  const made = new Ajv(options);
  formats.default(made, ['date-time', 'date', 'uuid', 'uri', 'email']);
  addBounds(made);
  made.addVocabulary(['x-schema']); // names a component of the reference, where a route checks the part itself
  return made;
}

// Finding the first fault is the fast form: the check that every good body passes.
function checkWith(first: ValidateFunction, all: ValidateFunction | null): Check {
  return (value) => {
    if (first(value)) return NONE;
    let found: readonly ErrorObject[] = first.errors ?? [];
    if (all !== null && countValues(value, MOST_VALUES_LISTED) < MOST_VALUES_LISTED) {
      all(value);
      found = all.errors ?? found;
    }
    return found.slice(0, MOST_FIELD_ERRORS).map(fieldError);
  };
}

const NONE: readonly FieldError[] = [];

function countValues(value: unknown, bound: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let count = 1;
  for (const inner of Object.values(value)) {
    count += countValues(inner, bound - count);
    if (count >= bound) break;
  }
  return count;
}

type HttpPart = 'body' | 'querystring' | 'params' | 'headers';
const CODES: Readonly<Record<HttpPart, ProblemCode>> = {
  body: 'body_invalid',
  querystring: 'query_invalid',
  params: 'not_found', // an id that cannot be one names nothing
  headers: 'header_invalid',
};

/** Fastify's validator compiler: a fault becomes the problem that the error handler answers. */
export function validatorCompiler(validators: Validators) {
  return (route: {
    readonly schema: unknown;
    readonly httpPart?: string;
  }): ((value: unknown) => true | { error: Error }) => {
    const part = (route.httpPart ?? 'body') as HttpPart;
    const schema = route.schema as TSchema;
    const check = part === 'body' ? validators.body(schema) : validators.text(schema);
    return (value) => {
      const errors = check(value);
      if (errors.length === 0) return true;
      if (part === 'body' && (value === undefined || value === null)) return { error: problem('body_empty') };
      return { error: problem(CODES[part], { errors }) };
    };
  };
}

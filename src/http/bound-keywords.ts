import type { Ajv, AnySchemaObject, FuncKeywordDefinition } from 'ajv';
import { pointer } from './json-inspect.ts';

/** The most bytes that a value may have as JSON. */
export const MAX_JSON_BYTES = 'x-max-json-bytes';
/** The most characters that any text within a value may have, keys included. */
export const MAX_TEXT_LENGTH = 'x-max-text-length';

type DataValidateFunction = ReturnType<NonNullable<FuncKeywordDefinition['compile']>>;

/** Teaches ajv the bounds of what has no schema of its own. */
export function addBounds(ajv: Ajv): void {
  ajv.addKeyword({ keyword: MAX_JSON_BYTES, schemaType: 'number', errors: 'full', compile: jsonBytes });
  ajv.addKeyword({ keyword: MAX_TEXT_LENGTH, schemaType: 'number', errors: 'full', compile: textLength });
}

function jsonBytes(limit: number, parent: AnySchemaObject): DataValidateFunction {
  const validate: DataValidateFunction = (value, place) => {
    if (Buffer.byteLength(JSON.stringify(value)) <= limit) return true;
    validate.errors = [errorOf(MAX_JSON_BYTES, place?.instancePath ?? '', limit, parent)];
    return false;
  };
  return validate;
}

function textLength(limit: number, parent: AnySchemaObject): DataValidateFunction {
  const validate: DataValidateFunction = (value, place) => {
    const path = longText(value, limit);
    if (path === null) return true;
    const at = `${place?.instancePath ?? ''}${pointer(path.reverse())}`;
    validate.errors = [errorOf(MAX_TEXT_LENGTH, at, limit, parent)];
    return false;
  };
  return validate;
}

function errorOf(keyword: string, instancePath: string, limit: number, parentSchema: AnySchemaObject) {
  return { keyword, instancePath, schemaPath: '', params: { limit }, parentSchema };
}

/** The way to the first text that is too long, innermost key first; null: there is none. Nesting is bounded before. */
function longText(value: unknown, limit: number): string[] | null {
  if (typeof value === 'string') return value.length > limit ? [] : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const path = key.length > limit ? [] : longText(inner, limit);
    if (path !== null) return [...path, key];
  }
  return null;
}

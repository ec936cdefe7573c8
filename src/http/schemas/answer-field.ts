import { type Static, type TObject, type TUnsafe, Type } from 'typebox';

/** One type with two names serialises faster than a choice of two schemas. */
function orNull<T>(type: string, description: string, example: T, more: object = {}): TUnsafe<T | null> {
  return Type.Unsafe<T | null>({ type: [type, 'null'], ...more, description, examples: [example] });
}

export function textOrNull(description: string, example: string): TUnsafe<string | null> {
  return orNull('string', description, example);
}

export function integerOrNull(description: string, example: number): TUnsafe<number | null> {
  return orNull('integer', description, example);
}

export function numberOrNull(description: string, example: number): TUnsafe<number | null> {
  return orNull('number', description, example);
}

const MOMENT = '2026-06-01T04:30:00.000Z';

/** A moment in ISO 8601, UTC, with milliseconds. */
export function answeredMoment(description: string): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', description: `${description} UTC.`, examples: [MOMENT] });
}

export function momentOrNull(description: string): TUnsafe<string | null> {
  return orNull('string', `${description} UTC.`, MOMENT);
}

const ID = '0197a3c2-5d10-7abc-8def-0123456789ab';

export function answeredId(description: string): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', description, examples: [ID] });
}

/** Codes of a closed list. */
export function codeOf<const T extends readonly string[]>(values: T, description: string): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description, examples: values.slice(0, 1) });
}

export function codes(description: string, example: string): TUnsafe<readonly string[]> {
  return Type.Unsafe<readonly string[]>({
    type: 'array',
    items: { type: 'string' },
    description,
    examples: [[example]],
  });
}

/** How many there are of each name; one that is left out is none. */
export function countsOf(names: readonly string[], description: string): TUnsafe<Readonly<Record<string, number>>> {
  const count = { type: 'integer', minimum: 0 };
  return Type.Unsafe<Readonly<Record<string, number>>>({
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, count])),
    description,
    examples: [Object.fromEntries(names.slice(0, 2).map((name, i) => [name, 900 - i * 800]))],
  });
}

/** An object of this schema, or null. */
export function objectOrNull<T extends TObject>(schema: T): TUnsafe<Static<T> | null> {
  return Type.Unsafe<Static<T> | null>({ ...schema, type: ['object', 'null'] });
}

/** An object of any members. */
export function anything(description: string, example: object): TUnsafe<Readonly<Record<string, unknown>>> {
  return Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    additionalProperties: true,
    description,
    examples: [example],
  });
}

/** Why an answer is masked. */
export const MaskedField = Type.Unsafe<'scope_missing' | 'access_reason_missing' | null>({
  type: ['string', 'null'],
  enum: ['scope_missing', 'access_reason_missing', null],
  description:
    '脱敏: null where phones and the like are in full. Else the key lacks `pii:read`, or the request gave no `Access-Reason`: phones read `138****8000`, e-mail `z***@example.com`, WeChat and 企微 ids `zh****88`, what was typed `*** **** 8000`, and phones and e-mail addresses inside free text likewise.',
  examples: ['scope_missing'],
});

/** The cursor of the next page. */
const nextCursor = textOrNull('下一页游标; null: this was the last page.', 'WzEsIm…');

/** A page of items. */
export function pageAnswer<T extends Parameters<typeof Type.Array>[0]>(item: T, title: string) {
  return Type.Object({ items: Type.Array(item), next_cursor: nextCursor }, { title });
}

import { type TOptional, type TUnsafe, Type } from 'typebox';

const LARGEST_ID = Number.MAX_SAFE_INTEGER; // larger ones arrive as text already, with all their digits

/** An optional text of at most `most` characters; blank counts as absent. */
export function text(most: number, description: string, example: string): TOptional<TUnsafe<string>> {
  return Type.Optional(Type.Unsafe<string>({ type: 'string', maxLength: most, description, examples: [example] }));
}

/** An optional id or number that is a name (a phone too): text, or a whole number that becomes text. */
export function idText(description: string, example: string, most = 200): TOptional<TUnsafe<string | number>> {
  return Type.Optional(requiredIdText(description, example, most));
}

/** As `idText`, but required. */
export function requiredIdText(description: string, example: string, most = 200): TUnsafe<string | number> {
  return Type.Unsafe<string | number>({
    type: ['string', 'integer'],
    maxLength: most,
    minimum: -LARGEST_ID,
    maximum: LARGEST_ID,
    description,
    examples: [example],
  });
}

/** An optional code that operators choose: 1 to 64 characters. */
export function code(description: string, example: string): TOptional<TUnsafe<string>> {
  return Type.Optional(
    Type.Unsafe<string>({ type: 'string', minLength: 1, maxLength: 64, description, examples: [example] }),
  );
}

/** An optional moment in ISO 8601; one that cannot be read is quarantined, not refused, so the schema leaves it open. */
export function moment(description: string): TOptional<TUnsafe<string>> {
  return text(64, `${description} ISO 8601; without a zone it is Asia/Shanghai.`, '2026-06-01T12:30:00+08:00');
}

/** An optional amount in minor units. */
export function minorUnits(description: string, example: number): TOptional<TUnsafe<number>> {
  return Type.Optional(
    Type.Unsafe<number>({
      type: 'integer',
      minimum: 0,
      maximum: LARGEST_ID,
      description: `${description}, in minor units (分).`,
      examples: [example],
    }),
  );
}

/** An optional ISO 4217 code. */
export function currency(): TOptional<TUnsafe<string>> {
  return Type.Optional(
    Type.Unsafe<string>({
      type: 'string',
      pattern: '^[A-Z]{3}$',
      description: '币种: currency, ISO 4217.',
      examples: ['CNY'],
    }),
  );
}

/** An optional value of a closed list. */
export function oneOf<const T extends readonly string[]>(
  values: T,
  description: string,
): TOptional<TUnsafe<T[number]>> {
  return Type.Optional(
    Type.Unsafe<T[number]>({ type: 'string', enum: [...values], description, examples: values.slice(0, 1) }),
  );
}

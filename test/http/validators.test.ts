import t from 'tap';
import { Type } from 'typebox';
import { createValidators, validatorCompiler } from '../../src/http/validators.ts';

const Body = Type.Object(
  {
    name: Type.String({ minLength: 2, maxLength: 4 }),
    kind: Type.Optional(Type.Enum(['order', 'event'])),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
    at: Type.Optional(Type.String({ format: 'date-time' })),
    code: Type.Optional(Type.String({ pattern: '^[a-z]+$' })),
    tags: Type.Optional(Type.Array(Type.String(), { maxItems: 2, minItems: 1, uniqueItems: true })),
    inner: Type.Optional(Type.Object({ phone: Type.String() }, { additionalProperties: false })),
  },
  { additionalProperties: false },
);

t.test('every fault of a body is listed, each with its place, code and words, and no value', async (t) => {
  const check = createValidators().body(Body);
  const found = check({
    name: 'secret',
    kind: 'ordr',
    count: 9,
    at: 'secret',
    code: 'SECRET',
    tags: ['a', 'a', 'a'],
    inner: { phon: 1 },
    'a/b': 1,
  });
  t.strictSame(
    found.map(({ path, code, message, hint }) => [path, code, message, hint]).sort(),
    [
      ['/a~1b', 'unknown_field', 'is not a known field', undefined],
      ['/at', 'format', 'must be a valid date-time', undefined],
      ['/code', 'pattern', 'must match ^[a-z]+$', undefined],
      ['/count', 'out_of_range', 'must be <= 3', undefined],
      ['/inner/phon', 'unknown_field', 'is not a known field', 'Did you mean phone?'],
      ['/inner/phone', 'required', 'is required', undefined],
      ['/kind', 'not_listed', 'must be one of order, event', 'Did you mean order?'],
      ['/name', 'too_long', 'must have at most 4 characters', undefined],
      ['/tags', 'duplicate', 'must not name the same twice', undefined],
      ['/tags', 'too_many', 'must hold at most 2', undefined],
    ].sort(),
  );
  t.match(check({}), [{ path: '/name', code: 'required' }]);
  t.match(check({ name: 'x', tags: [] }), [{ code: 'too_short' }, { code: 'too_few' }]);
  t.match(check(7), [{ path: '', code: 'type', message: 'must be an object' }]);
});

t.test('a wrong type is told what to do', async (t) => {
  const check = createValidators().body(Body);
  t.match(check({ name: 12 }), [{ code: 'type', message: 'must be text', hint: 'Put it in quotes.' }]);
  t.match(check({ name: 'ab', count: '2' }), [{ message: 'must be a whole number', hint: 'Remove the quotes.' }]);
  t.match(check({ name: null }), [{ hint: /Leave a field out/ }]);
});

t.test('a body is never changed: no coercion, no defaults, nothing removed', async (t) => {
  const schema = Type.Object({ n: Type.Optional(Type.Integer({ default: 5 })) });
  const body = { more: 1 };
  t.strictSame(createValidators().body(schema)(body), []);
  t.strictSame(body, { more: 1 });
});

t.test('a query is text that becomes what the schema says', async (t) => {
  const schema = Type.Object({ limit: Type.Integer({ default: 5 }), all: Type.Optional(Type.Boolean()) });
  const check = createValidators().text(schema);
  const query: Record<string, unknown> = { all: 'true' };
  t.strictSame(check(query), []);
  t.strictSame(query, { limit: 5, all: true });
  t.match(check({ limit: 'x' }), [{ path: '/limit', code: 'type' }]);
});

t.test('a hostile body costs little: one fault of a large one, fifty of a small one', async (t) => {
  const schema = Type.Object({ items: Type.Array(Type.Object({ a: Type.String() }, { additionalProperties: false })) });
  const check = createValidators().body(schema);
  t.equal(check({ items: Array(500).fill({ b: 1 }) }).length, 50);
  t.equal(check({ items: Array(100_000).fill({ b: 1 }) }).length, 1);
});

t.test('each part of a request has its own code', async (t) => {
  const compile = validatorCompiler(createValidators());
  const schema = Type.Object({ id: Type.String({ format: 'uuid' }) });
  for (const [httpPart, code] of [
    ['body', 'body_invalid'],
    ['querystring', 'query_invalid'],
    ['params', 'not_found'],
    ['headers', 'header_invalid'],
  ] as const) {
    t.match(compile({ schema, httpPart })({ id: 'x' }), { error: { code } }, httpPart);
    t.equal(compile({ schema, httpPart })({ id: '0197a3c2-5d10-7abc-8def-000000000001' }), true);
  }
  t.match(compile({ schema, httpPart: 'body' })(null), { error: { code: 'body_empty' } });
});

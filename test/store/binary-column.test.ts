import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import t from 'tap';
import * as column from '../../src/store/binary-column.ts';
import { testDatabase } from '../helpers/database.ts';

t.test('Postgres reads back what a binary column holds', async (t) => {
  const { pool } = await testDatabase(t);
  const back = async (type: string, buffer: Buffer): Promise<unknown[]> =>
    (await pool.query({ text: `select u from unnest($1::${type}[]) u`, values: [buffer] })).rows.map((row) => row.u);
  const nullable = <T>(values: fc.Arbitrary<T>) => fc.array(fc.option(values), { minLength: 1, maxLength: 20 });
  const text = fc
    .string({ unit: 'binary', maxLength: 40 })
    .filter((value) => !value.includes('\0') && !/\p{Surrogate}/u.test(value));
  const holds = async <T>(type: string, values: fc.Arbitrary<T[]>, encode: (values: T[]) => Buffer): Promise<void> => {
    await t.resolves(
      fc.assert(
        fc.asyncProperty(values, async (given) => {
          const found = await back(type, encode(given));
          return JSON.stringify(found) === JSON.stringify(given);
        }),
        { numRuns: 40 },
      ),
      type,
    );
  };
  await holds('uuid', nullable(fc.constant(0).map(() => randomUUID() as string)), column.uuidColumn);
  await holds('integer', nullable(fc.integer()), column.integerColumn);
  await holds('bigint', nullable(fc.maxSafeInteger()), column.bigintColumn);
  await holds('boolean', fc.array(fc.boolean(), { minLength: 1 }), column.booleanColumn);
  const moments = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) });
  await holds('timestamptz', nullable(moments), column.timeColumn);
  await holds('text', nullable(text), (values) => column.textColumn('text', values));
  t.strictSame(await back('jsonb', column.textColumn('jsonb', ['{"a":["王芳",1]}', null])), [{ a: ['王芳', 1] }, null]);
  const bytes = [Buffer.from([0, 255, 92, 34]), Buffer.alloc(0)];
  t.strictSame(await back('bytea', column.byteaColumn(bytes)), bytes);
});

import fc from 'fast-check';
import t from 'tap';
import { findPath, readPath } from '../../src/channels/path.ts';

const RECORD = {
  'address.phone': 'flat',
  data: { 'address.phone': 'flat within', list: [{ v: 1 }, { v: 2 }, {}], empty: null },
  '[*]': 'star',
};

const CASES: readonly (readonly [string, unknown])[] = [
  ['address.phone', 'flat'],
  ['data.address.phone', 'flat within'],
  ['data.list[0].v', 1],
  ['data.list.1.v', 2],
  ['data.list[*].v', [1, 2]],
  ['data.list[9].v', undefined],
  ['data.list.length', undefined],
  ['data.list[*].none', undefined],
  ['data.empty', null],
  ['data.empty.more', undefined],
  ['[*]', 'star'],
  ['data[', undefined],
  ['', undefined],
  ['.data', undefined],
  ['__proto__', undefined],
  ['constructor.name', undefined],
  ['data.toString', undefined],
];

t.test('values by their path', async (t) => {
  for (const [path, value] of CASES) t.strictSame(readPath(RECORD, path), value, path);
});

t.test('the places of what was found', async (t) => {
  t.strictSame(findPath(RECORD, 'data.list[*].v')?.places, [
    ['data', 'list', '0', 'v'],
    ['data', 'list', '1', 'v'],
  ]);
  t.equal(findPath(RECORD, 'nothing'), null);
});

t.test('any path into anything gives an answer', async () => {
  const path = fc.string({ unit: fc.constantFrom(...'ab.[*]01_') });
  fc.assert(fc.property(fc.anything(), path, (record, at) => readPath(record, at) !== null || true));
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (record) =>
      Object.keys(record).every((key) => readPath(record, key) === record[key]),
    ),
  );
});

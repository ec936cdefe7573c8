import fc from 'fast-check';
import t from 'tap';
import { mergePatch, patchedPaths } from '../../src/domain/merge-patch.ts';

t.test('the examples of RFC 7396', async (t) => {
  const examples: readonly (readonly [unknown, unknown, unknown])[] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of examples) t.strictSame(mergePatch(target, patch), result);
});

t.test('laws: an empty patch changes nothing, the same patch again changes nothing', async () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (target, patch) => {
        const once = mergePatch(target, patch);
        return (
          JSON.stringify(mergePatch(target, {})) === JSON.stringify(target) &&
          JSON.stringify(mergePatch(once, patch)) === JSON.stringify(once)
        );
      },
    ),
  );
});

t.test('the places that a patch changes', async (t) => {
  t.strictSame(
    patchedPaths({ person: { phone: '1', name: null }, store: 'S1', consents: [{ purpose: 'contact' }], extra: {} }),
    ['person.phone', 'person.name', 'store', 'consents', 'extra'],
  );
});

import t from 'tap';
import { withAt, withoutPath } from '../../src/channels/change-path.ts';

t.test('takes away and puts at a path, and leaves the original', async (t) => {
  const value = Object.freeze({ a: Object.freeze({ b: 1, c: 2 }), 'a.b': 3 });
  t.strictSame(withoutPath(value, 'a.b'), { a: { b: 1, c: 2 } }, 'a key that is literally so goes first');
  t.strictSame(withoutPath(value, 'a.c'), { a: { b: 1 }, 'a.b': 3 });
  t.strictSame(withAt(value, 'a.c', [9]), { a: { b: 1, c: [9] }, 'a.b': 3 });
  t.equal(withAt(value, '', 7), 7);
});

t.test('what leads nowhere changes nothing', async (t) => {
  for (const path of ['x', 'x.y', 'a.x', 'a.b.c', '.', ''])
    t.strictSame(withoutPath({ a: { b: 1 } }, path), { a: { b: 1 } });
  for (const value of [null, 1, 'text', [1]]) t.strictSame(withoutPath(value, 'a'), value);
});

t.test('keeps a key __proto__ a key', async (t) => {
  const value = JSON.parse('{"__proto__":{"x":1},"a":1}');
  const copy = withoutPath(value, 'a') as { x?: unknown };
  t.equal(copy.x, undefined);
  t.strictSame(Object.keys(copy), ['__proto__']);
});

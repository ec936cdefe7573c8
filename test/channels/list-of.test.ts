import t from 'tap';
import { listOf } from '../../src/channels/list-of.ts';

t.test('a list, a record alone, and neither', async (t) => {
  t.strictSame(listOf([1, null]), [1, null]);
  t.strictSame(listOf({ a: 1 }), [{ a: 1 }]);
  for (const none of [undefined, null, 'text', 1, true]) t.strictSame(listOf(none), []);
});

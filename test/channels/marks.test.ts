import t from 'tap';
import { isTaken, leftOf, noMarks, take } from '../../src/channels/marks.ts';

t.test('what is left of a record', async (t) => {
  const marks = noMarks();
  const record = { a: 1, b: { c: 2, d: 3 }, e: [{ f: 4 }, { f: 5, g: 6 }], h: ' ', i: null, j: { k: 7 }, l: false };
  for (const place of [['a'], ['b', 'c'], ['e', '0', 'f'], ['e', '1', 'f'], ['j', 'k']]) take(marks, place);
  t.strictSame(leftOf(record, marks), { b: { d: 3 }, e: [{ g: 6 }], l: false });
  t.ok(isTaken(marks, ['a', 'under']));
  t.notOk(isTaken(marks, ['b']));
  t.notOk(isTaken(marks, ['z']));
  t.equal(leftOf({ a: 1 }, marks), undefined);
});

import t from 'tap';
import { idOf } from '../../src/channels/id-of.ts';

t.test('the first member that holds an id, as text', async (t) => {
  t.equal(idOf({ a: '', b: 12, c: '13' }, ['a', 'b', 'c']), '12');
  t.equal(idOf({ a: ' 7400000000000000001 ' }, ['a']), '7400000000000000001');
});

t.test('what platforms write for none is none', async (t) => {
  for (const none of ['0', 0, '-1', -1, '-', 'null', '', ' ', null, undefined, {}, [], true, Number.NaN]) {
    t.equal(idOf({ a: none }, ['a']), null, String(none));
  }
});

t.test('only own members', async (t) => {
  t.equal(idOf({}, ['constructor', '__proto__', 'toString']), null);
});

t.test('an id is as the database takes it', async (t) => {
  t.equal(idOf({ id: 'a\u0000b' }, ['id']), 'ab');
  t.equal(idOf({ id: '\u0000', other: 'x' }, ['id', 'other']), 'x');
});

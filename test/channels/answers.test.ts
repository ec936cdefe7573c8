import t from 'tap';
import { answersOf, answersOfRecord, withFullName } from '../../src/channels/answers.ts';

const SHAPE = { label: 'name', value: 'values', type: 'id' };

t.test('answers of a list', async (t) => {
  t.strictSame(answersOf([{ name: ' Phone ', values: ['1'], id: 'PHONE' }], SHAPE), [
    { label: 'Phone', value: '1', type: 'PHONE' },
  ]);
  t.strictSame(answersOf([{ values: ['a', 'b'], id: 'X' }], SHAPE), [{ label: 'X', value: ['a', 'b'], type: 'X' }]);
  t.strictSame(answersOf([{ name: 'n', values: [] }], SHAPE), [{ label: 'n', value: [] }]);
  t.strictSame(answersOf([null, 'x', { values: ['lost'] }], SHAPE), [], 'what has no label is left out');
  t.strictSame(answersOf('no list', SHAPE), []);
});

t.test('answers of a record', async (t) => {
  t.strictSame(answersOfRecord({ a: ['1'], b: 2 }), [
    { label: 'a', value: '1' },
    { label: 'b', value: 2 },
  ]);
  t.strictSame(answersOfRecord(null), []);
});

t.test('the full name from its parts', async (t) => {
  const parts = [
    { label: 'First name', value: 'Demo' },
    { label: '姓', value: 'User', type: 'LAST_NAME' },
  ];
  t.strictSame(withFullName(parts)[2], { label: 'full_name', value: 'Demo User', type: 'full_name' });
  const whole = [...parts, { label: 'Full Name', value: 'Known' }];
  t.equal(withFullName(whole), whole, 'is not made where it was asked for');
  const none = [{ label: 'phone', value: '1' }];
  t.equal(withFullName(none), none);
});

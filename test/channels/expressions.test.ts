import t from 'tap';
import { expressionsOf, rulesOf } from '../../src/channels/expressions.ts';
import type { FieldMap } from '../../src/channels/field-map.ts';

t.test('of each field the first expression', async (t) => {
  const own: FieldMap = { fields: { 'person.name': [{ path: 'n' }, { expression: 'own' }] } };
  const channel: FieldMap = {
    fields: { 'person.name': { expression: 'other' }, 'person.city': { expression: 'city' }, test: { constant: true } },
  };
  t.strictSame(expressionsOf([own, channel]), [
    { field: 'person.name', expression: 'own' },
    { field: 'person.city', expression: 'city' },
  ]);
  t.strictSame(rulesOf(channel, 'test'), [{ constant: true }]);
  t.strictSame(rulesOf(channel, 'store'), []);
});

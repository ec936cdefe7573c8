import fc from 'fast-check';
import t from 'tap';
import { checkFieldMap } from '../../src/channels/check-field-map.ts';

const GOOD = {
  fields: {
    'person.phone': [{ path: 'a.b[0].c' }, { label: '手机号' }, { expression: '$x' }],
    channel: { constant: 'douyin' },
    test: { constant: false },
  },
  lists: [{ path: 'list[*].items', label: 'q', value: 'a', type: 't' }],
  nested: ['remark'],
  pairs: ['详情'],
  id_prefixes: ['l:', 'ag:'],
  synonyms: 'all',
  ignore: ['sign'],
  absent: ['未命名'],
  zone: 'Asia/Tokyo',
  codes: { 'person.gender': { '1': 'male' } },
};

const FAULTY: readonly (readonly [unknown, string])[] = [
  [null, ''],
  [[], ''],
  [{}, '/fields'],
  [{ fields: {}, more: 1 }, '/more'],
  [{ fields: [] }, '/fields'],
  [{ fields: { phone: { path: 'a' } } }, '/fields/phone'],
  [{ fields: { owner: { path: 'a' } } }, '/fields/owner'],
  [{ fields: { 'person.phone': [] } }, '/fields/person.phone'],
  [{ fields: { 'person.phone': {} } }, '/fields/person.phone'],
  [{ fields: { 'person.phone': { path: 'a', label: 'b' } } }, '/fields/person.phone'],
  [{ fields: { 'person.phone': { path: '' } } }, '/fields/person.phone/path'],
  [{ fields: { 'person.phone': { path: 'a[*' } } }, '/fields/person.phone/path'],
  [{ fields: { 'person.phone': { path: 'a..b' } } }, '/fields/person.phone/path'],
  [{ fields: { 'person.phone': { label: ' ' } } }, '/fields/person.phone/label'],
  [{ fields: { 'person.phone': [{ path: 'a' }, { expression: 3 }] } }, '/fields/person.phone/1/expression'],
  [{ fields: { 'person.phone': [{ expression: 'a' }, { expression: 'b' }] } }, '/fields/person.phone'],
  [{ fields: { 'intent.kind': { constant: 'chat' } } }, '/fields/intent.kind/constant'],
  [{ fields: { channel: { constant: 'x'.repeat(65) } } }, '/fields/channel/constant'],
  [{ fields: { test: { constant: {} } } }, '/fields/test/constant'],
  [{ fields: {}, synonyms: 'some' }, '/synonyms'],
  [{ fields: {}, zone: 'Mars/Base' }, '/zone'],
  [{ fields: {}, ignore: 'sign' }, '/ignore'],
  [{ fields: {}, absent: [''] }, '/absent/0'],
  [{ fields: {}, pairs: ['a..b'] }, '/pairs/0'],
  [{ fields: {}, id_prefixes: [''] }, '/id_prefixes/0'],
  [{ fields: {}, id_prefixes: ['x'.repeat(21)] }, '/id_prefixes/0'],
  [{ fields: {}, lists: [{ path: 'a', label: 'b' }] }, '/lists/0/value'],
  [{ fields: {}, lists: [{ path: 'a', label: 'b', value: 'c', x: 1 }] }, '/lists/0/x'],
  [{ fields: {}, codes: { gender: {} } }, '/codes/gender'],
  [{ fields: {}, codes: { 'person.gender': { '1': 1 } } }, '/codes/person.gender/1'],
];

t.test('a good map is taken as it is', async (t) => {
  t.strictSame(checkFieldMap(GOOD), { map: GOOD });
});

t.test('faults are named with their place', async (t) => {
  for (const [map, path] of FAULTY) {
    const checked = checkFieldMap(map);
    t.strictSame('faults' in checked ? checked.faults.map((fault) => fault.path) : [], [path], JSON.stringify(map));
  }
});

t.test('any value gives an answer', async () => {
  fc.assert(fc.property(fc.anything(), (value) => checkFieldMap(value) !== null));
  const parts = fc.dictionary(fc.constantFrom('fields', 'lists', 'codes', 'absent', '__proto__'), fc.jsonValue());
  fc.assert(fc.property(parts, (value) => checkFieldMap(value) !== null));
});

import t from 'tap';
import type { CanonicalField } from '../../src/channels/canonical-field.ts';
import { plainText, readValue } from '../../src/channels/read-value.ts';

const RULES = { zone: 'Asia/Shanghai', absent: new Set(['tbd']), codes: [] };
const ABSENT = Symbol('absent');

const CASES: readonly (readonly [CanonicalField, unknown, unknown])[] = [
  ['external_id', 123, '123'],
  ['external_id', 0, ABSENT],
  ['external_id', ' 7400000000000000001 ', '7400000000000000001'],
  ['external_id', {}, 'unreadable'],
  ['external_id', '7.3E+18', 'unreadable'], // a spreadsheet has lost the digits
  ['external_id', ' 7e+18', 'unreadable'],
  ['traffic.campaign_id', '1.83456E+15', 'unreadable'],
  ['advertiser.id', '1.7E+15', 'unreadable'],
  ['external_id', '7E18', '7E18'],
  ['external_id', '7.3E+18a', '7.3E+18a'],
  ['traffic.campaign_name', '7.3E+18', '7.3E+18'],
  ['person.phone', '1.38E+10', '1.38E+10'], // refused by its own rules, with a hint
  ['traffic.campaign_id', 'c:123', 'c:123'],
  ['person.phone', ['13800138000', '13800138001'], '13800138000、13800138001'],
  ['person.name', ['张三'], '张三'],
  ['person.name', 'TBD', ABSENT],
  ['person.name', '\u200b', ABSENT],
  ['person.name', null, ABSENT],
  ['person.name', [{ a: 1 }], 'unreadable'],
  ['person.name', 'x\0\ud800', 'x\ufffd'],
  ['person.company', true, 'true'],
  ['channel', 'x'.repeat(65), 'too_long'],
  ['test', 'yes', true],
  ['test', 0, false],
  ['test', 'maybe', 'unreadable'],
  ['product.quantity', '2.5', 2.5],
  ['product.quantity', 0, 0],
  ['product.quantity', '两台', 'unreadable'],
  ['product.quantity', 2_000_000_000, 'unreadable'],
  ['product.price', '18990000', 18_990_000],
  ['product.price', 189.9, 'unreadable'],
  ['product.price', '20万', 'unreadable'],
  ['product.price', '9999999999999999', 'unreadable'],
  ['product.currency', 'cny', 'CNY'],
  ['product.currency', '元', 'CNY'],
  ['product.currency', 'yuan', 'unreadable'],
  ['intent.kind', 'consult', 'consult'],
  ['intent.kind', 'chat', 'unreadable'],
  ['person.gender', '先生', 'male'],
  ['person.gender', 'unknown', ABSENT],
  ['person.gender', 1, 'unreadable'],
  ['person.tags', 'A、B,A；无', ['A', 'B']],
  ['person.tags', ['A', 7, null], ['A', '7']],
  ['person.tags', ['x'.repeat(65)], 'too_long'],
  ['person.tags', [{}], 'unreadable'],
  ['person.tags', {}, 'unreadable'],
  ['person.tags', [], ABSENT],
  ['region', '江苏+镇江', { province: '江苏', city: '镇江' }],
  ['occurred_at', 1760000000, '2025-10-09T08:53:20.000Z'],
];

t.test('values by the kind of their field', async (t) => {
  for (const [field, raw, wanted] of CASES) {
    const reading = readValue(field, raw, RULES);
    const got = reading.kind === 'value' ? reading.value : reading.kind === 'absent' ? ABSENT : reading.why;
    t.strictSame(got, wanted, `${field}: ${JSON.stringify(raw)}`);
  }
});

t.test('the codes of the first map that knows one', async (t) => {
  const codes = [{ 'person.gender': { '1': '女' } }, { 'person.gender': { '1': '男', '2': '男', '3': '' } }] as const;
  const read = (raw: unknown) => readValue('person.gender', raw, { ...RULES, codes });
  t.strictSame(read(1), { kind: 'value', value: 'female' });
  t.strictSame(read('2'), { kind: 'value', value: 'male' });
  t.strictSame(read(3), { kind: 'absent' });
  t.strictSame(readValue('person.name', 'constructor', { ...RULES, codes }), { kind: 'value', value: 'constructor' });
});

t.test('what has no text', async (t) => {
  for (const raw of [null, undefined, {}, [], '', ' ', Number.NaN, Symbol('x'), () => 1]) t.equal(plainText(raw), null);
});

t.test('what is before the number of an id says what it is of', async (t) => {
  const read = (field: CanonicalField, raw: unknown) =>
    readValue(field, raw, { ...RULES, idPrefixes: ['l:', 'ag:'], codes: [{ external_id: { x: 'l:7' } }] });
  t.strictSame(read('external_id', 'l:123'), { kind: 'value', value: '123' });
  t.strictSame(read('traffic.creative_id', ' ag:123 '), { kind: 'value', value: '123' });
  t.strictSame(read('external_id', 'x'), { kind: 'value', value: '7' });
  t.strictSame(read('external_id', 'ag:0'), { kind: 'absent' });
  t.strictSame(read('external_id', 'l:12a'), { kind: 'value', value: 'l:12a' }, 'no number');
  t.strictSame(read('external_id', 'as:123'), { kind: 'value', value: 'as:123' }, 'another mark');
  t.strictSame(read('traffic.campaign_name', 'l:123'), { kind: 'value', value: 'l:123' }, 'no id');
});

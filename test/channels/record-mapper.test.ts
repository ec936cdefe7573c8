import fc from 'fast-check';
import t from 'tap';
import type { FieldMap } from '../../src/channels/field-map.ts';
import { headerMemo } from '../../src/channels/header-memo.ts';
import { mapRecord } from '../../src/channels/map-record.ts';
import { recordMapper } from '../../src/channels/record-mapper.ts';

const MAPS: readonly FieldMap[] = [
  { fields: { 'person.name': [{ label: '客户' }, { expression: 'x' }], region: { path: '地区' } }, ignore: ['内部'] },
  { fields: { 'person.name': { expression: 'y' } }, synonyms: 'all' },
];
const HEADERS = '手机号 手机2 电话 姓名 昵称 客户 客 户： 地区 内部 线索ID 编号 城市 渠道 问题甲 __proto__ 1'.split(
  ' ',
);

t.test('one mapper for many records gives what mapping each alone does', async () => {
  const { map } = recordMapper(MAPS);
  const value = fc.oneof(fc.constantFrom('13800138000', '江苏+镇江', '', '无', '7.3E+18'), fc.string({ maxLength: 8 }));
  const row = fc.array(fc.tuple(fc.constantFrom(...HEADERS), value)).map((cells) => Object.fromEntries(cells));
  fc.assert(
    fc.property(row, (record) => {
      const [one, other] = [map(record, {}), mapRecord(record, MAPS, {})];
      return JSON.stringify(one) === JSON.stringify(other);
    }),
    { numRuns: 1_000 },
  );
});

t.test('it names the expressions that are to be evaluated', async (t) => {
  const { expressions, map } = recordMapper(MAPS);
  t.strictSame(expressions, [{ field: 'person.name', expression: 'x' }]);
  t.strictSame(map({}, { 'person.name': '张三' }).draft, { person: { name: '张三' } });
});

t.test('a label reads every column of that name, until one has a value', async (t) => {
  const { map } = recordMapper(MAPS);
  t.strictSame(map({ 客户: '无', '客 户：': '张三' }, {}).draft, { person: { name: '张三' } });
});

t.test('headers are remembered, within bounds', async (t) => {
  const headerOf = headerMemo();
  const first = headerOf('手机号（必填）');
  t.strictSame(first, { name: '手机号', match: { field: 'person.phone', strength: 'exact' } });
  t.equal(headerOf('手机号（必填）'), first, 'the same object');
  for (let i = 0; i < 3_000; i++) headerOf(`问题${i}甲`);
  t.equal(headerOf('手机号（必填）'), first, 'and it stays');
  t.not(headerOf('问题2999甲'), headerOf('问题2999甲'), 'one too many is looked up again');
  t.not(headerOf('长'.repeat(301)), headerOf('长'.repeat(301)), 'and so is a long one');
});

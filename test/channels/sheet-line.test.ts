import t from 'tap';
import type { FieldMap } from '../../src/channels/field-map.ts';
import { recordMapper } from '../../src/channels/record-mapper.ts';
import { columnOf, lineKind, recordOf } from '../../src/channels/sheet-line.ts';
import { planSheet, type SheetPlan } from '../../src/channels/sheet-plan.ts';

const ALL: FieldMap = { fields: {}, synonyms: 'all' };

function planOf(header: readonly string[], maps: readonly FieldMap[] = [ALL]): SheetPlan {
  const planned = planSheet([{ row: 1, cells: header }], maps, 1);
  if ('fault' in planned) throw new Error(planned.fault.detail);
  return planned;
}

const PLAN = planOf(['姓名', '手机号', '', '微信号', '备注']);

t.test('lines that are no rows', async (t) => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['张三', '13800138000'], 'row'],
    [['张三'], 'row'],
    [[], 'blank'],
    [['', ' ', '\u200b', '\t'], 'blank'],
    [['姓名', '手机号', '', '微信号', '备注'], 'repeated_header'],
    [[' 姓名', '手机号 ', ' ', '微信号', '备注', ''], 'repeated_header'],
    [['姓名', '手机号', '', '微信号'], 'row'],
    [['姓名', '手机号', 'x', '微信号', '备注'], 'row'],
    [['姓名', '手机号', '', '微信号', '备注', 'x'], 'row'],
  ];
  for (const [cells, wanted] of cases) t.equal(lineKind(PLAN, cells), wanted, JSON.stringify(cells));
});

t.test('totals', async (t) => {
  for (const begin of [
    '合计',
    '总计：',
    '小计 3',
    ' 合 计',
    '汇总',
    '共计12条',
    '总数',
    'Total',
    'TOTAL: 3',
    'Sub-total',
    'grand total',
    '【合计】',
  ]) {
    t.equal(lineKind(PLAN, [begin, '', '', '', '3']), 'total', begin);
    t.equal(lineKind(PLAN, ['', begin, '', '3']), 'total', `${begin}, further right`);
  }
  for (const begin of ['Totally', '王合计', '累计', ''])
    t.equal(lineKind(PLAN, [begin, '', '', '', '3']), 'row', begin);
});

t.test('whoever says who they are is a row, whatever it begins with', async (t) => {
  const rows = [
    ['合计', '13800138000'],
    ['总计', '0571-8765432'],
    ['总计', '', '', 'wx_demo'],
    ['小计', '', '', '', '回电 13800138000'],
    ['合计 １３８００１３８０００', ' 138 0013 8000'],
  ];
  for (const cells of rows) t.equal(lineKind(PLAN, cells), 'row', JSON.stringify(cells));
  t.equal(lineKind(PLAN, ['合计', '128', '', '25 条']), 'total', 'a count of them is nobody');
  t.equal(lineKind(planOf(['微信号', '姓名']), ['总计: 25 条']), 'total', 'in a column of identities too');
});

t.test('a record by the keys of its columns', async (t) => {
  const cells = [' 张三 ', '', 'x', '\u200b', '备', '', 'y'];
  t.strictSame(Object.entries(recordOf(PLAN, cells)), [
    ['姓名', ' 张三 '],
    ['column C', 'x'],
    ['备注', '备'],
    ['column G', 'y'],
  ]);
  t.strictSame(
    recordOf(planOf(['手机号', 'column C', 'column C (2)', 'error_code']), ['1', '', '3', 'phone_empty', '4']),
    {
      手机号: '1',
      'column C (2)': '3',
      'column E': '4',
    },
  );
  t.strictSame(recordOf(planOf(['手机号', 'column C']), ['1', '2', '3']), {
    手机号: '1',
    'column C': '2',
    'column C (2)': '3',
  });
});

t.test('the column at fault', async (t) => {
  const map: FieldMap = {
    fields: { 'person.name': { path: '客户' }, 'person.email': { constant: 'a@example.com' } },
    synonyms: 'all',
  };
  const planned = planOf(['号码', '手机号', '客户', '地区', '留资时间'], [map]);
  const { map: read } = recordMapper([map]);
  const at = (record: Readonly<Record<string, string>>, path: string | null) =>
    columnOf(planned, read(record, {}), path)?.key ?? null;
  t.equal(at({ 号码: '123', 客户: '张三' }, '/person/phone'), '号码', 'the one that was read');
  t.equal(at({ 客户: '张三' }, '/person/phone'), '手机号', 'the one that is for it');
  t.equal(at({ 留资时间: '昨天' }, '/occurred_at'), '留资时间');
  t.equal(at({ 客户: '张三' }, '/person/name'), '客户');
  t.equal(at({ 客户: '张三' }, '/person/name/0'), '客户', 'within a value');
  t.equal(at({ 地区: '江苏+镇江' }, '/person/city'), '地区', 'a part of a place');
  t.equal(at({}, '/person/city'), '地区');
  for (const path of ['/person/email', '/person', '/store', '', null]) t.equal(at({}, path), null, String(path));
});

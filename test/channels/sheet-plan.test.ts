import fc from 'fast-check';
import t from 'tap';
import type { FieldMap } from '../../src/channels/field-map.ts';
import { recordMapper } from '../../src/channels/record-mapper.ts';
import { lineKind, recordOf } from '../../src/channels/sheet-line.ts';
import { planSheet, type SheetPlan } from '../../src/channels/sheet-plan.ts';

const ALL: FieldMap = { fields: {}, synonyms: 'all' };

function plan(
  rows: readonly (readonly string[])[],
  maps: readonly FieldMap[] = [ALL],
  header: number | null = null,
): SheetPlan {
  const sheet = rows.map((cells, i) => ({ row: i + 1, cells }));
  const planned = planSheet(sheet, maps, header);
  if ('fault' in planned) throw new Error(planned.fault.detail);
  return planned;
}

/** Each column as `key field use how`. */
function lines({ columns }: SheetPlan): readonly string[] {
  return columns.map(({ key, field, use, how }) => `${key} ${field} ${use} ${how}`);
}

t.test('the columns of a file', async (t) => {
  const planned = plan([['车展'], [' 姓名 ', '手机号（必填）', '', '几口人'], ['张三', '13800138000', '', '3']]);
  t.strictSame(planned, {
    headerRow: 2,
    columns: [
      { index: 0, letter: 'A', header: ' 姓名 ', key: '姓名', field: 'person.name', how: 'exact', use: 'mapped' },
      {
        index: 1,
        letter: 'B',
        header: '手机号（必填）',
        key: '手机号（必填）',
        field: 'person.phone',
        how: 'exact',
        use: 'mapped',
      },
      { index: 3, letter: 'D', header: '几口人', key: '几口人', field: null, how: null, use: 'extra' },
    ],
    warnings: ['unmapped:几口人'],
  });
  t.strictSame(JSON.parse(JSON.stringify(planned)), planned, 'plain JSON');
});

t.test('keys are unique, and a column without a header is called after its letter', async (t) => {
  const planned = plan([
    ['手机号', '备注', '备注', '', '备注 (2)', ' ', '__proto__', 'column D'],
    ['13800138000', '', '', 'x', '', '', '', '', 'y'],
  ]);
  t.strictSame(
    planned.columns.map(({ key, letter }) => `${letter} ${key}`),
    ['A 手机号', 'B 备注', 'C 备注 (2)', 'D column D', 'E 备注 (2) (2)', 'G proto', 'H column D (2)', 'I column I'],
  );
  t.strictSame(planned.warnings, [
    'ambiguous:intent.need',
    ...['column D', 'proto', 'column D (2)', 'column I'].map((key) => `unmapped:${key}`),
    'repeated_header:备注',
    'repeated_header:备注 (2)',
    'repeated_header:column D',
  ]);
});

t.test('several columns for one field: exact, within, weak, and the leftmost', async (t) => {
  const planned = plan([['号码', '请留下您的电话', '联系电话', '手机号', '昵称', '姓名']]);
  t.strictSame(lines(planned), [
    '号码 person.phone second weak',
    '请留下您的电话 person.phone second contains',
    '联系电话 person.phone mapped exact',
    '手机号 person.phone second exact',
    '昵称 person.name second weak',
    '姓名 person.name mapped exact',
  ]);
  t.strictSame(planned.warnings, ['ambiguous:person.phone', 'ambiguous:person.name']);
});

t.test('and the engine reads them so', async (t) => {
  const rows = [['昵称', '姓名', '手机号', '联系电话', '计划名称', '项目名称']];
  const planned = plan(rows);
  const { map } = recordMapper([ALL]);
  const draftOf = (cells: readonly string[]) => map(recordOf(planned, cells), {}).draft;
  t.strictSame(draftOf(['小张', '张三', '13800138000', '13900139000']), {
    person: { phone: '13800138000/13900139000', name: '张三' },
    extra: { 昵称: '小张' },
  });
  t.strictSame(draftOf(['小张', '', '', '13900139000']), { person: { phone: '13900139000', name: '小张' } });
  t.strictSame(draftOf(['', '', '13800138000', '', '甲', '乙']).traffic, {
    campaign_name: '甲',
    levels: { 计划名称: '甲', 项目名称: '乙' },
  });
});

t.test('a rule goes before the vocabulary, the first map and the first rule first', async (t) => {
  const own: FieldMap = { fields: { 'person.phone': [{ label: '备用 电话' }, { path: '紧急' }] } };
  const other: FieldMap = {
    fields: { 'person.phone': { path: '号' }, 'person.name': { path: '号' } },
    synonyms: 'all',
  };
  const planned = plan([['手机号', '号', '紧急', '备用电话：']], [own, other]);
  t.strictSame(lines(planned), [
    '手机号 person.phone second exact',
    '号 person.phone second rule',
    '紧急 person.phone second rule',
    '备用电话： person.phone mapped rule',
  ]);
  t.strictSame(planned.warnings, [], 'its order is stated: nothing is ambiguous');
});

t.test('columns that are not read', async (t) => {
  const planned = plan(
    [['手机号', 'error_row', 'error_column', 'error_code', 'error_hint', '内部']],
    [{ ...ALL, ignore: ['内部'] }],
  );
  t.strictSame(
    planned.columns.map(({ use }) => use),
    ['mapped', 'ignored', 'ignored', 'ignored', 'ignored', 'ignored'],
  );
  t.strictSame(planned.warnings, []);
});

t.test('a file that names nobody is taken, with a warning', async (t) => {
  t.strictSame(plan([['姓名', '城市']]).warnings, ['no_phone_column']);
  t.strictSame(plan([['姓名', '微信号']]).warnings, []);
  const corp: FieldMap = { fields: { 'person.wecom.external_user_id': { path: 'u' } }, synonyms: 'all' };
  t.strictSame(plan([['姓名', 'u']], [corp]).warnings, []);
  t.strictSame(
    plan([['姓名', '城市']], [{ ...ALL, fields: { 'person.phone': { expression: 'a & b' } } }]).warnings,
    [],
  );
});

t.test('long headers are cut, and what no database takes is left out', async (t) => {
  const planned = plan([['手机号', 'x'.repeat(2_000), 'a\0\ud800']]);
  t.strictSame(
    planned.columns.map(({ header, key }) => [header.length, key.length]),
    [
      [3, 3],
      [1_000, 300],
      [2, 2],
    ],
  );
  t.equal(planned.columns[2]?.header, 'a\ufffd');
  t.ok(planned.warnings.includes(`unmapped:${'x'.repeat(200)}`));
});

t.test('a row of the header that its owner names', async (t) => {
  const planned = plan(
    [
      ['姓名', '手机号'],
      ['甲', '电话'],
      ['x', '13800138000'],
    ],
    [ALL],
    2,
  );
  t.strictSame([planned.headerRow, lines(planned)], [2, ['甲 null extra null', '电话 person.phone mapped exact']]);
});

t.test('no header is a fault', async (t) => {
  t.match(planSheet([{ row: 1, cells: ['x'] }], [ALL], null), { fault: { code: 'header_not_found' } });
});

const cell = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '手机号',
    '姓名',
    '备注',
    '合计',
    '__proto__',
    'constructor',
    '1',
    'column B',
    '13800138000',
    '(',
    '手机号 (2)',
    'error_row',
    '\u200b',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const sheet = fc.array(fc.array(cell, { maxLength: 8 }), { maxLength: 8 });
const NASTY: FieldMap = {
  fields: { 'person.name': [{ label: '(' }, { path: 'constructor' }], 'person.phone': { path: '__proto__' } },
  lists: [{ path: '备注', label: 'l', value: 'v' }],
  pairs: ['备注'],
  ignore: ['1'],
};

t.test('any cells come to a plan or to a fault', async () => {
  fc.assert(
    fc.property(sheet, fc.option(fc.nat(9)), (rows, header) => {
      const planned = planSheet(
        rows.map((cells, i) => ({ row: i + 1, cells })),
        [NASTY, ALL],
        header,
      );
      if ('fault' in planned) return planned.fault.code === 'header_not_found' && planned.fault.hint !== '';
      const keys = planned.columns.map(({ key }) => key);
      const fields = planned.columns.flatMap(({ field, use }) => (use === 'mapped' && field !== null ? [field] : []));
      for (const cells of rows) lineKind(planned, cells);
      return new Set(keys).size === keys.length && new Set(fields).size === fields.length;
    }),
    { numRuns: 2_000 },
  );
});

t.test('no cell that holds something is lost', async () => {
  fc.assert(
    fc.property(sheet, fc.array(cell, { maxLength: 12 }), (rows, cells) => {
      const planned = planSheet(
        [['手机号'], ...rows].map((line, i) => ({ row: i + 1, cells: line })),
        [ALL],
        1,
      );
      if ('fault' in planned) return false;
      const ignored = new Set(planned.columns.flatMap(({ index, use }) => (use === 'ignored' ? [index] : [])));
      const held = cells.filter((text, i) => !ignored.has(i) && text.replace(/[\p{Cc}\p{Cf}]/gu, '').trim() !== '');
      const kept = Object.values(recordOf(planned, cells));
      return JSON.stringify(kept.toSorted()) === JSON.stringify(held.toSorted());
    }),
    { numRuns: 2_000 },
  );
});

import t from 'tap';
import type { FieldMap } from '../../src/channels/field-map.ts';
import { findHeader } from '../../src/channels/sheet-header.ts';
import { columnMatcher } from '../../src/channels/sheet-match.ts';

const ALL: FieldMap = { fields: {}, synonyms: 'all' };

/** The row that is found in these, counted from 1, or the detail of the fault. */
function find(rows: readonly (readonly string[])[], named: number | null = null, maps: readonly FieldMap[] = [ALL]) {
  const sheet = rows.map((cells, i) => ({ row: i + 1, cells }));
  const found = findHeader(sheet, columnMatcher(maps), named);
  return 'fault' in found ? found.fault : found.row;
}

t.test('the row with the most cells that are known', async (t) => {
  t.equal(
    find([
      ['姓名', '手机号'],
      ['张三', '13800138000'],
    ]),
    1,
  );
  t.equal(find([[''], ['2026年4月车展报名表'], [], ['姓名', '手机号', '备注']]), 4, 'below a title');
  t.equal(find([['车展手机号登记表'], ['手机号']]), 2, 'a title that holds the words is no better than a name');
  t.equal(
    find([
      ['客户信息', '', '产品'],
      ['姓名', '手机号', '意向车型'],
    ]),
    2,
    'below merged groups',
  );
  t.equal(
    find([
      ['姓名', '手机号'],
      ['name', 'phone'],
    ]),
    1,
    'the first of equals',
  );
  t.equal(find([['您的手机号是多少'], ['1380013800']]), 1, 'a question');
});

t.test('one known cell is enough only where it says who somebody is', async (t) => {
  t.equal(find([['电话'], ['13800138000']]), 1);
  t.equal(find([['微信号', '甲']]), 1);
  t.match(
    find([
      ['城市', '甲'],
      ['杭州', '乙'],
    ]),
    { code: 'header_not_found' },
  );
  t.equal(
    find([
      ['城市', '姓名'],
      ['杭州', '乙'],
    ]),
    1,
  );
  t.match(find([['姓名', '姓名']]), { code: 'header_not_found' }, 'a text that is repeated counts once');
});

t.test('a rule knows what the vocabulary does not', async (t) => {
  const map: FieldMap = {
    fields: { 'person.phone': { path: 'x.y' }, 'person.name': { label: '客 户' } },
    synonyms: 'all',
  };
  t.equal(find([['甲'], ['x.y']], null, [map]), 2);
  t.equal(find([['甲'], ['客户：', '城市']], null, [map]), 2);
  t.match(
    find([['手机号', '姓名']], null, [{ fields: {} }]),
    { code: 'header_not_found' },
    'no vocabulary where a map wants none',
  );
});

t.test('a lead is never taken for a header, nor shown where there is none', async (t) => {
  const rows = [
    ['张三', '微信', '其他', ' 138 0013 8000'],
    ['李四', '微信', '其他', '13800138001'],
  ];
  const fault = find(rows);
  t.match(fault, { code: 'header_not_found', detail: /Row 1 holds a phone number/, hint: /header_row/ });
  t.notMatch(JSON.stringify(fault), /张三|8000/);
  t.equal(find([...rows, ['a', '微信', '渠道', '手机号']]), 3);
});

t.test('which row was looked at is told, and nothing that it holds', async (t) => {
  t.match(find([[], ['', '张三', ' wx_zhangsan ']]), {
    code: 'header_not_found',
    detail: 'None of the first rows names columns that are known. Row 2 holds 2 cells.',
    hint: /header_row.*field_map.*template/,
  });
  t.match(find([[], ['']]), { detail: 'The first rows hold nothing.' });
  t.match(find([]), { detail: 'The first rows hold nothing.' });
});

t.test('an errors file has its header in its first row, whatever row is named', async (t) => {
  const header = ['手机号', '姓名', 'error_row', 'error_column', 'error_code', 'error_hint'];
  t.equal(find([header, ['12345', '甲', '7', '手机号', 'phone_invalid', '…'], ['6', '乙']], 3), 1);
});

t.test('the row that its owner names, whatever it holds', async (t) => {
  const rows = [
    ['姓名', '手机号'],
    ['甲', '乙'],
    ['', ' '],
  ];
  t.equal(find(rows, 2), 2);
  t.match(find(rows, 3), { code: 'header_not_found', detail: 'Row 3 holds nothing.' });
  t.match(find(rows, 9), { code: 'header_not_found', detail: 'Row 9 holds nothing.' });
});

t.test('only the first 20 rows with cells are looked at', async (t) => {
  const title = (count: number) => [[''], ...Array.from({ length: count }, () => ['说'])];
  t.equal(find([...title(19), ['手机号']]), 21);
  t.match(find([...title(20), ['手机号']]), { code: 'header_not_found' });
});

import { readFile } from 'node:fs/promises';
import t from 'tap';
import { openSheet } from '../../src/sheets/open-sheet.ts';
import type { SheetFacts } from '../../src/sheets/sheet.ts';
import { ROOT } from '../helpers/root.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';
import { faultOf, rowsOf } from './read-sheet.ts';

// Made by LibreOffice; test/fixtures/imports/make.sh makes them anew.
async function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`test/fixtures/imports/${name}`, ROOT));
}

t.test('one list as a program saves it in three forms', async (t) => {
  const rows: Readonly<Record<number, readonly string[]>> = {
    1: ['春季车展 线索名单'],
    3: ['姓名', '手机号', '意向车型', '留资时间', '备注', '预算', '已到店'],
    4: ['张三', '13800138001', '星海 X5', '2026/4/12 09:30', '说 "下午, 再打"; 谢谢', '¥199,999.50', 'TRUE'],
    5: ['李四', '+86 138 0013 8002', '星海 X5', '2026年4月12日', '第一行\n第二行 <b> & 𠮷', '200000', 'FALSE'],
    7: ['王五', '13800138003', '', '09:30', '#N/A', '36:00'],
    8: ['合计', '3'],
  };
  const forms: readonly (readonly [string, SheetFacts])[] = [
    ['leads-gb18030.csv', { format: 'csv', encoding: 'gb18030', delimiter: ',' }],
    ['leads-utf16.csv', { format: 'csv', encoding: 'utf-16le', delimiter: '\t' }],
  ];
  for (const [name, facts] of forms) {
    const sheet = await openSheet(fileOf(await fixture(name)), UNNAMED, WIDE);
    t.strictSame(sheet.facts, facts, name);
    const read = (await rowsOf(sheet)).filter((row) => row.cells.length > 0);
    t.strictSame(Object.fromEntries(read.map((row) => [row.row, row.cells])), rows, name);
  }
  const book = await openSheet(fileOf(await fixture('leads.xlsx')), UNNAMED, WIDE);
  t.match(book.facts, { format: 'xlsx', sheet: '线索' });
  t.strictSame(
    (await rowsOf(book)).map(({ row, cells }) => [row, cells[0], cells[1]]),
    Object.entries(rows).map(([row, cells]) => [Number(row), cells[0], cells[1]]),
    'the same people in the same rows',
  );
});

t.test('a spreadsheet that is none of these is told so', async (t) => {
  const fault = await faultOf(openSheet(fileOf(await fixture('leads.ods')), UNNAMED, WIDE));
  t.equal(fault.code, 'format_unknown');
  t.match(fault.message, 'OpenDocument');
});

import { readFile } from 'node:fs/promises';
import t from 'tap';
import type { Sheet, SheetLimits, SheetOptions } from '../../src/sheets/sheet.ts';
import { openXlsx } from '../../src/sheets/xlsx-sheet.ts';
import { ROOT } from '../helpers/root.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';
import { makeWorkbook, makeZip, workbookParts } from './make-workbook.ts';
import { faultOf, rowsOf } from './read-sheet.ts';

const LEADS = await readFile(new URL('test/fixtures/imports/leads.xlsx', ROOT));
const ROW = '<row><c t="inlineStr"><is><t>a</t></is></c></row>';

async function open(
  bytes: Uint8Array,
  options: Partial<SheetOptions> = {},
  limits: Partial<SheetLimits> = {},
): Promise<Sheet> {
  return openXlsx(fileOf(bytes, 1000), { ...UNNAMED, ...options }, { ...WIDE, ...limits });
}

t.test('a workbook of LibreOffice is read as it looks', async (t) => {
  const sheet = await open(LEADS);
  t.strictSame(sheet.facts, { format: 'xlsx', sheet: '线索', sheets: ['封面', '线索', '备注'] });
  const rows = [
    { row: 1, cells: ['春季车展 线索名单'] },
    { row: 3, cells: ['姓名', '手机号', '意向车型', '留资时间', '备注', '预算', '已到店'] },
    {
      row: 4,
      cells: ['张三', '13800138001', '星海 X5', '2026-04-12 09:30:00', '说 "下午, 再打"; 谢谢', '199999.5', 'true'],
    },
    {
      row: 5,
      cells: ['李四', '+86 138 0013 8002', '星海 X5', '2026-04-12', '第一行\n第二行 <b> & 𠮷', '200000', 'false'],
    },
    { row: 7, cells: ['王五', '13800138003', '', '09:30:00', '', '1.5'] },
    { row: 8, cells: ['合计', '3'] },
  ];
  t.strictSame(await rowsOf(sheet), rows);
  t.strictSame(await rowsOf(sheet), rows, 'and again from the beginning');
});

t.test('a sheet is named, or numbered among the visible ones', async (t) => {
  const second = [
    { row: 1, cells: ['手机号'] },
    { row: 2, cells: ['13800138009'] },
  ];
  t.strictSame(await rowsOf(await open(LEADS, { sheet: '备注' })), second);
  t.strictSame(await rowsOf(await open(LEADS, { sheet: '3' })), second);
  t.strictSame(await rowsOf(await open(LEADS, { sheet: '1' })), [], 'a cover that holds nothing');
  t.strictSame(await rowsOf(await open(LEADS, { sheet: '字典' })), [{ row: 1, cells: ['来源'] }], 'a hidden one');
  const fault = await faultOf(open(LEADS, { sheet: '4' }));
  t.equal(fault.code, 'sheet_not_found');
  t.match(fault.message, '1 封面, 2 线索, 3 备注');
});

t.test('a name goes before a number, and its case does not count', async (t) => {
  const bytes = await makeWorkbook({ sheets: { Leads: '', 1: ROW, leads2: ROW } });
  t.match((await open(bytes, { sheet: '1' })).facts, { sheet: '1' });
  t.match((await open(bytes, { sheet: ' LEADS2 ' })).facts, { sheet: 'leads2' });
  t.match((await open(bytes)).facts, { sheet: '1' }, 'the first that holds anything');
});

t.test('where no sheet holds anything it is the first one', async (t) => {
  const blank = '<row r="1"><c r="A1"/></row>';
  const sheet = await open(await makeWorkbook({ sheets: { a: blank, b: blank } }));
  t.match(sheet.facts, { sheet: 'a' });
  t.strictSame(await rowsOf(sheet), []);
  const hidden = await open(await makeWorkbook({ sheets: { a: ROW }, hidden: ['a'] }));
  t.match(hidden.facts, { sheet: 'a', sheets: ['a'] }, 'all are hidden: as if none was');
});

t.test('charts are no sheets', async (t) => {
  const parts = workbookParts({ sheets: { chart: '', leads: ROW } });
  const key = 'xl/_rels/workbook.xml.rels';
  const relations = (parts[key] ?? '').replace('/worksheet"', '/chartsheet"');
  t.match((await open(await makeZip({ ...parts, [key]: relations }))).facts, { sheets: ['leads'] });
});

t.test('a workbook under prefixes, other names and without strings or styles', async (t) => {
  const bytes = await makeZip({
    '_rels/.rels':
      '<p:Relationships xmlns:p="p"><p:Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="/XL/Workbook22.xml"/></p:Relationships>',
    'xl/workbook22.xml':
      '<x:workbook xmlns:x="x" xmlns:q="q"><x:sheets><x:sheet name="Aé&amp;b" q:id="s"/></x:sheets></x:workbook>',
    'xl/_rels/workbook22.xml.rels':
      '<Relationships><Relationship Id="s" Type="t/worksheet" Target="../data.xml"/></Relationships>',
    'data.xml':
      '<x:worksheet xmlns:x="x"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>',
  });
  const sheet = await open(bytes);
  t.match(sheet.facts, { sheet: 'Aé&b' });
  t.strictSame(await rowsOf(sheet), [{ row: 1, cells: ['1'] }]);
});

t.test('a workbook that counts from 1904', async (t) => {
  const data = '<row><c s="1"><v>44662.395833333336</v></c></row>';
  for (const workbookPr of ['date1904="1"', 'date1904="true"']) {
    const sheet = await open(await makeWorkbook({ sheets: { a: data }, formats: ['yyyy-mm-dd'], workbookPr }));
    t.strictSame(await rowsOf(sheet), [{ row: 1, cells: ['2026-04-12 09:30:00'] }]);
  }
});

t.test('other zips are told by what they are', async (t) => {
  const ods = await readFile(new URL('test/fixtures/imports/leads.ods', ROOT));
  const rels = (target: string): Readonly<Record<string, string>> => ({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="${target}"/></Relationships>`,
    [target]: '<a/>',
  });
  const others: readonly (readonly [Uint8Array, string])[] = [
    [ods, 'OpenDocument'],
    [await makeZip(rels('word/document.xml')), 'docx'],
    [await makeZip(rels('ppt/presentation.xml')), 'pptx'],
    [await makeZip(rels('xl/workbook.bin')), 'xlsb'],
    [await makeZip({ 'Index/Document.iwa': 'x' }), 'Numbers'],
    [await makeZip({ 'leads.csv': '手机号\n13800138000\n' }), 'a zip that is no workbook'],
    [await makeZip({}), 'a zip that is no workbook'],
  ];
  for (const [bytes, word] of others) {
    const fault = await faultOf(open(bytes));
    t.equal(fault.code, 'format_unknown', word);
    t.match(fault.message, word);
    t.ok(fault.hint.length > 10);
  }
});

t.test('a workbook whose parts are missing is damaged', async (t) => {
  const parts = workbookParts({ sheets: { a: ROW }, strings: '<si><t>a</t></si>' });
  for (const gone of [
    'xl/workbook.xml',
    'xl/_rels/workbook.xml.rels',
    'xl/sharedStrings.xml',
    'xl/worksheets/sheet1.xml',
  ]) {
    const rest = Object.fromEntries(Object.entries(parts).filter(([name]) => name !== gone));
    t.equal((await faultOf(open(await makeZip(rest)))).code, 'file_damaged', gone);
  }
  t.equal((await faultOf(open(await makeWorkbook({})))).code, 'file_damaged', 'no sheet at all');
});

t.test('its texts may take so much and no more', async (t) => {
  const strings = Array.from({ length: 100 }, (_, at) => `<si><t>${'长'.repeat(10)}${at}</t></si>`).join('');
  const bytes = await makeWorkbook({ sheets: { a: '<row><c t="s"><v>99</v></c></row>' }, strings });
  const fault = await faultOf(open(bytes, {}, { sharedStringBytes: 3000 }));
  t.equal(fault.code, 'file_too_large');
  t.match(fault.hint, 'CSV');
  t.match(await rowsOf(await open(bytes, {}, { sharedStringBytes: 4000 })), [
    { row: 1, cells: ['长长长长长长长长长长99'] },
  ]);
  const one = await makeWorkbook({ sheets: { a: ROW }, strings: `<si>${'<r><t>long</t></r>'.repeat(1000)}</si>` });
  t.equal((await faultOf(open(one, {}, { sharedStringBytes: 3000 }))).code, 'file_too_large', 'within one text too');
});

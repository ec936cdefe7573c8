import t from 'tap';
import type { SheetLimits, SheetRow } from '../../src/sheets/sheet.ts';
import { openXlsx } from '../../src/sheets/xlsx-sheet.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';
import { type Made, makeWorkbook } from './make-workbook.ts';
import { faultOf, rowsOf } from './read-sheet.ts';

async function read(data: string, made: Made = {}, limits: Partial<SheetLimits> = {}): Promise<readonly SheetRow[]> {
  const bytes = await makeWorkbook({ ...made, sheets: { a: data } });
  return rowsOf(await openXlsx(fileOf(bytes), { ...UNNAMED, sheet: 'a' }, { ...WIDE, ...limits }));
}

async function cells(inRow: string, made: Made = {}): Promise<readonly string[]> {
  return (await read(`<row>${inRow}</row>`, made))[0]?.cells ?? [];
}

t.test('each kind of cell as a text', async (t) => {
  const made = {
    strings:
      '<si><t xml:space="preserve"> a </t></si><si><r><t>张</t></r><r><rPr><b/></rPr><t>三</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh></si><si/>',
    formats: ['yyyy-mm-dd', '0'],
  };
  const kinds: readonly (readonly [string, string])[] = [
    ['<c t="s"><v>0</v></c>', ' a '],
    ['<c t="s"><v>1</v></c>', '张三'],
    ['<c t="s"><v>2</v></c>', ''],
    ['<c t="inlineStr"><is><t>x</t></is></c>', 'x'],
    ['<c t="inlineStr"><is><r><t>x</t></r><r><t>y</t></r><rPh><t>no</t></rPh></is></c>', 'xy'],
    ['<c t="inlineStr"><is><t><![CDATA[<b>]]></t></is></c>', '<b>'],
    ['<c t="str"><f>A1&amp;"b"</f><v>a_x000D_&#10;b</v></c>', 'a\nb'],
    ['<c t="b"><v>1</v></c>', 'true'],
    ['<c t="b"><v>0</v></c>', 'false'],
    ['<c t="e"><v>#N/A</v></c>', ''],
    ['<c><v>1.3800138000E10</v></c>', '13800138000'],
    ['<c t="n"><f>SUM(A1)</f><v>5.0</v></c>', '5'],
    ['<c s="1"><v>46124.5</v></c>', '2026-04-12 12:00:00'],
    ['<c s="1"><v>-5</v></c>', '-5'],
    ['<c s="2"><v>46124.5</v></c>', '46124.5'],
    ['<c s="99"><v>7</v></c>', '7'],
    ['<c s="1" t="str"><v>46124</v></c>', '46124'],
    ['<c t="d"><v>2026-04-12T09:30:00</v></c>', '2026-04-12 09:30:00'],
    ['<c><v>as typed</v></c>', 'as typed'],
    ['<c/>', ''],
  ];
  for (const [xml, text] of kinds) t.equal((await cells(xml, made))[0] ?? '', text, xml);
});

t.test('cells and rows keep their places', async (t) => {
  const data = [
    '<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c><c r="F2"><v>3</v></c><c r="G2"/></row>',
    '<row><c><v>4</v></c></row>',
    '<row r="5"/><row r="6"><c r="A6" t="str"><v></v></c></row>',
    '<row r="1048576"><c r="C1048576"><v>5</v></c><c r="A1048576"><v>6</v></c></row>',
  ].join('');
  t.strictSame(await read(data), [
    { row: 2, cells: ['', '1', '2', '', '', '3'] },
    { row: 3, cells: ['4'] },
    { row: 1_048_576, cells: ['6', '', '5'] },
  ]);
});

t.test('what stands outside the data is not read', async (t) => {
  const data =
    '<row><c><v>1</v></c></row></sheetData><extLst><row><c><v>2</v></c></row></extLst><sheetData2><row/></sheetData2><sheetData>';
  t.strictSame(await read(data), [{ row: 1, cells: ['1'] }]);
});

t.test('places that cannot be are damage', async (t) => {
  const wrong = [
    '<row r="2"/><row r="2"/>',
    '<row r="2"/><row r="1"/>',
    '<row r="0"/>',
    '<row r="1.5"/>',
    '<row r="x"/>',
    '<row r="99999999"/>',
    '<row><c r="5"><v>1</v></c></row>',
    '<row><c r="ZZZZ1"><v>1</v></c></row>',
    '<row><c t="s"><v>0</v></c></row>',
    '<row><c t="s"><v>-1</v></c></row>',
    '<row><c t="s"><v>x</v></c></row>',
  ];
  for (const data of wrong) t.equal((await faultOf(read(data))).code, 'file_damaged', data);
});

t.test('limits, each with the place', async (t) => {
  const row = '<row><c t="str"><v>abcdef</v></c><c r="D1"><v>1</v></c></row>';
  const blank = '<row/>'.repeat(50);
  t.equal((await read(row + blank, {}, { rows: 1, columns: 4, cellCharacters: 6 })).length, 1, 'at the limit');
  const rows = await faultOf(read(row + blank + row, {}, { rows: 1 }));
  t.match([rows.code, rows.message], ['too_many_rows', '1 rows']);
  const columns = await faultOf(read(row, {}, { columns: 3 }));
  t.match([columns.code, columns.message], ['too_many_columns', 'D1']);
  const long = await faultOf(read(blank + row, {}, { cellCharacters: 5 }));
  t.match([long.code, long.message], ['cell_too_long', 'A51']);
  t.equal(
    (await read('<row><c><v>1</v></c><c r="XFD1"/></row>', {}, { columns: 1 })).length,
    1,
    'blank cells do not count',
  );
});

t.test('rows come in groups, those of long texts in smaller ones', async (t) => {
  const groups = async (data: string, strings = ''): Promise<readonly number[]> => {
    const bytes = await makeWorkbook({ sheets: { a: data }, strings });
    const sheet = await openXlsx(fileOf(bytes), UNNAMED, WIDE);
    const sizes: number[] = [];
    for await (const group of sheet.rows()) sizes.push(group.length);
    return sizes;
  };
  const short = await groups('<row><c><v>13800138000</v></c></row>'.repeat(5000));
  t.ok(
    short.slice(0, -1).every((size) => size >= 500 && size < 1200),
    short.join(),
  );
  t.equal(
    short.reduce((sum, size) => sum + size),
    5000,
  );
  const row = '<row r="10000"><c t="s"><v>0</v></c></row>'.length;
  const numbered = Array.from({ length: 2000 }, (_, at) => `<row r="${at + 10_000}"><c t="s"><v>0</v></c></row>`).join(
    '',
  );
  const long = await groups(numbered, `<si><t>${'long'.repeat(1500)}</t></si>`);
  t.ok(
    long.every((size) => size <= 16_384 / row + 1),
    'no more than a piece of the XML holds',
  );
});

import { buffer, text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import t from 'tap';
import { fromBufferPromise } from 'yauzl';
import { columnLetters } from '../../src/sheets/xlsx-row.ts';
import { openXlsx } from '../../src/sheets/xlsx-sheet.ts';
import { xlsxFile } from '../../src/sheets/xlsx-writer.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';

type Rows = readonly (readonly string[])[];

async function* grouped(...groups: readonly Rows[]): AsyncGenerator<Rows> {
  yield* groups;
}

async function written(groups: AsyncIterable<Rows>, sheetRows?: number): Promise<Buffer> {
  return buffer(xlsxFile('线索', groups, sheetRows));
}

/** The rows of a sheet by their numbers, as our own reader reads them. */
async function read(file: Buffer, sheet: string | null = null): Promise<Record<number, readonly string[]>> {
  const opened = await openXlsx(fileOf(file), { ...UNNAMED, sheet }, WIDE);
  const found: Record<number, readonly string[]> = {};
  for await (const group of opened.rows()) for (const { row, cells } of group) if (cells.length > 0) found[row] = cells;
  return found;
}

/** Every part of the workbook by its path, as a zip reader reads it. */
async function partsOf(file: Buffer): Promise<ReadonlyMap<string, string>> {
  const zip = await fromBufferPromise(file);
  const parts = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    parts.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return parts;
}

t.test('a workbook holds texts only, each at its place', async (t) => {
  const file = await written(
    grouped(
      [['姓名', '手机号', '备注']],
      [],
      [['张三', '13800138000', '=1+1'], ['', '', ' a<b>&"c" '], []],
      [['-1', '+85291234567']],
    ),
  );
  t.strictSame(await read(file), {
    1: ['姓名', '手机号', '备注'],
    2: ['张三', '13800138000', '=1+1'],
    3: ['', '', ' a<b>&"c" '],
    5: ['-1', '+85291234567'],
  });
  const parts = await partsOf(file);
  const names = ['xl/worksheets/sheet1.xml', '[Content_Types].xml', '_rels/.rels', 'xl/workbook.xml'];
  t.strictSame([...parts.keys()], [...names, 'xl/_rels/workbook.xml.rels', 'xl/styles.xml']);
  for (const [path, xml] of parts) {
    t.doesNotThrow(() => new SaxesParser({ xmlns: true }).write(xml).close(), `${path} is well formed`);
  }
  const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
  t.notMatch(sheet, /<f[ >]/, 'no formula');
  t.match(sheet, '<row r="3"><c r="C3" t="inlineStr">', 'cells that hold nothing are left out');
  t.equal(sheet.match(/<c /g)?.length, 3 + 3 + 1 + 2);
  t.notMatch(sheet, /<c (?![^>]*t="inlineStr")/, 'and no number');
});

t.test('what XML forbids is dropped, what it would change is escaped', async (t) => {
  const cells = ['a\u0000\u0001\u001f\ufffeb', '\ud800x\udc00', '😀', '_x0041_', 'a\tb\nc', 'x'.repeat(40_000)];
  const [row] = Object.values(await read(await written(grouped([cells]))));
  t.strictSame(row, ['ab', 'x', '😀', '_x0041_', 'a\tb\nc', 'x'.repeat(32_767)]);
  const xml = (await partsOf(await written(grouped([['a\r\nb']])))).get('xl/worksheets/sheet1.xml');
  t.match(xml, 'a&#13;\nb');
});

t.test('law: what is written is read back, however the rows come', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', '13800138000', '=1+1', '张三', '_x000d_', ' '),
    fc.string({ unit: 'grapheme' }),
  );
  const group = fc.array(fc.array(cell, { maxLength: 30 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.array(group, { maxLength: 4 }), async (groups) => {
      const rows = groups.flat();
      const file = await written(grouped(...groups));
      // A reader of XML makes every line end one line feed, and blank cells at the end of a row are none.
      const expected = rows.map((cells) => {
        const last = cells.findLastIndex((text) => text !== '');
        return cells.slice(0, last + 1).map((text) => text.replace(/\r\n?/g, '\n'));
      });
      const got = rows.some((cells) => cells.some((text) => text !== '')) ? await read(file) : {};
      return isDeepStrictEqual(
        Object.values(got).map((cells) => cells.map((text) => text.replace(/\r\n?/g, '\n'))),
        expected.filter((cells) => cells.length > 0),
      );
    }),
    { numRuns: 60 },
  );
});

t.test('more rows than a sheet holds go on in the next one, under the same header', async (t) => {
  const rows = [['h'], ...Array.from({ length: 5 }, (_, n) => [String(n)])];
  const file = await written(grouped(rows.slice(0, 2), rows.slice(2)), 3);
  t.strictSame(await read(file, '线索'), { 1: ['h'], 2: ['0'], 3: ['1'] });
  t.strictSame(await read(file, '线索 2'), { 1: ['h'], 2: ['2'], 3: ['3'] });
  t.strictSame(await read(file, '线索 3'), { 1: ['h'], 2: ['4'] });
  t.equal(
    (await partsOf(await written(grouped(rows.slice(0, 3)), 3))).size,
    6,
    'a full sheet has no empty one behind it',
  );
  t.equal((await partsOf(await written(grouped()))).size, 6, 'no rows are an empty sheet');
});

t.test('the same rows give the same bytes', async (t) => {
  t.ok((await written(grouped([['a']]))).equals(await written(grouped([['a']]))));
});

t.test('rows are asked for as they are taken, and no more once nobody takes', async (t) => {
  let given = 0;
  let ended = false;
  async function* endless(): AsyncGenerator<Rows> {
    try {
      for (;;) {
        given += 100;
        yield Array.from({ length: 100 }, () => [String(Math.random()), String(Math.random())]);
      }
    } finally {
      ended = true;
    }
  }
  for await (const piece of xlsxFile('线索', endless())) {
    t.ok(piece.length > 0);
    if (given > 0) break;
  }
  t.ok(ended);
  t.ok(given < 20_000, `${given} rows were read ahead`);
});

t.test('what fails among the rows fails the file', async (t) => {
  async function* failing(): AsyncGenerator<Rows> {
    yield [['h']];
    throw new Error('the rows broke off');
  }
  await t.rejects(written(failing()), /the rows broke off/);
});

t.test('columns are lettered as a spreadsheet letters them', async (t) => {
  t.strictSame([0, 25, 26, 51, 52, 701, 702, 16_383].map(columnLetters), [
    'A',
    'Z',
    'AA',
    'AZ',
    'BA',
    'ZZ',
    'AAA',
    'XFD',
  ]);
});

import t from 'tap';
import { csvRows } from '../../src/sheets/csv-rows.ts';
import type { SheetLimits, SheetRow } from '../../src/sheets/sheet.ts';
import { WIDE } from './file-of.ts';
import { faultOf } from './read-sheet.ts';

const COMMA = ',';

async function* piecesOf(text: string, size = 16_384): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, limits: Partial<SheetLimits> = {}, size = 16_384): Promise<readonly SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const group of csvRows(piecesOf(text, size), COMMA, { ...WIDE, ...limits })) rows.push(...group);
  return rows;
}

async function cells(text: string, limits: Partial<SheetLimits> = {}): Promise<readonly (readonly string[])[]> {
  return (await read(text, limits)).map((row) => row.cells);
}

t.test('rows are numbered as a spreadsheet does', async (t) => {
  const text = '报名表\n\n手机,姓名\r\n1,"a\nb"\n\r\n2,c\r3,d';
  const expected = [
    { row: 1, cells: ['报名表'] },
    { row: 2, cells: [] },
    { row: 3, cells: ['手机', '姓名'] },
    { row: 4, cells: ['1', 'a\nb'] },
    { row: 5, cells: [] },
    { row: 6, cells: ['2', 'c'] },
    { row: 7, cells: ['3', 'd'] },
  ];
  for (const size of [1, 2, 3, 16_384]) t.strictSame(await read(text, {}, size), expected, `in pieces of ${size}`);
});

t.test('every line end ends a row, in one file too; a quoted one does not', async (t) => {
  t.strictSame(await cells('a,b\r\nc,d\ne,f\rg'), [['a', 'b'], ['c', 'd'], ['e', 'f'], ['g']]);
  t.strictSame(await cells('"a\r\nb\rc\nd",e\r\n'), [['a\r\nb\rc\nd', 'e']]);
  t.strictSame(await cells(''), []);
});

t.test('ragged rows, quotes that are none, and cells as they are', async (t) => {
  t.strictSame(await cells('a\nb,c,d,e,f\n,,\ng,,\n'), [['a'], ['b', 'c', 'd', 'e', 'f'], [], ['g']]);
  t.strictSame(await cells('5"2,say "hi",x\n"a"b,"c""d"\n'), [
    ['5"2', 'say "hi"', 'x'],
    ['"a"b', 'c"d'],
  ]);
  t.strictSame(await cells("\0a, b ,'=1\n"), [['a', ' b ', '=1']]);
});

t.test('groups are of 500, and nothing is read far ahead', async (t) => {
  let given = 0;
  async function* endless(): AsyncGenerator<Buffer> {
    const piece = Buffer.from('13800138000,a\n'.repeat(100));
    for (;;) {
      given += 1;
      yield piece;
    }
  }
  const rows = csvRows(endless(), COMMA, WIDE);
  const first = await rows.next();
  t.equal(first.value?.length, 500);
  // 7 pieces of 1400 bytes are 16 KiB, twice: what the stream and the parser hold.
  t.ok(given < 5 + 25, `${given} pieces`);
  await rows.return(undefined);
});

t.test('whoever stops reading lets the file go', async (t) => {
  let ended = false;
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      for (;;) yield Buffer.from('a,b\n'.repeat(1000));
    } finally {
      ended = true;
    }
  }
  for await (const group of csvRows(endless(), COMMA, WIDE)) {
    t.equal(group.length, 500);
    break;
  }
  await new Promise(setImmediate);
  t.ok(ended);
});

t.test('a fault of the file is thrown as it is', async (t) => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('a,b\n');
    throw new Error('disk');
  }
  const rows = csvRows(broken(), COMMA, WIDE);
  await t.rejects(rows.next(), { message: 'disk' });
});

t.test('a quote that does not end is refused with its place', async (t) => {
  const fault = await faultOf(read('a,b\n\n1,"x\n2,y\n'));
  t.equal(fault.code, 'quote_open');
  t.match(fault.message, /row 3, column 2,/);
  t.match(fault.hint, /not closed/);
});

t.test('limits', async (t) => {
  t.equal((await read('a\n\nb\n\n', { rows: 2 })).length, 4, 'blank rows do not count');
  const rows = await faultOf(read('a\n\nb\nc\n', { rows: 2 }));
  t.equal(rows.code, 'too_many_rows');
  t.match(rows.message, /more than 2 rows/);

  t.strictSame(
    await cells('a,b,,,,"",\n1,2\n', { columns: 2 }),
    [
      ['a', 'b'],
      ['1', '2'],
    ],
    'blank cells do not count',
  );
  const columns = await faultOf(read('a,b\n1,2,,3\n', { columns: 2 }));
  t.equal(columns.code, 'too_many_columns');
  t.match(columns.message, /Row 2 has more than 2 cells/);

  t.strictSame(await cells('a,bbbb\n', { cellCharacters: 4 }), [['a', 'bbbb']]);
  const cell = await faultOf(read('a\nb,ccccc\n', { cellCharacters: 4 }));
  t.equal(cell.code, 'cell_too_long');
  t.match(cell.message, /row 2, column 2, has more than 4 characters/);
});

t.test('five million characters without an end', async (t) => {
  const many = 5_000_000;
  const line = await faultOf(read(`a,b\n1,${'x'.repeat(many)}`));
  t.equal(line.code, 'cell_too_long');
  t.match(line.message, /Row 2 has more than 2097152 bytes up to its column 2/);
  t.equal((await faultOf(read(`a\n"${'x,\n'.repeat(many / 3)}`))).code, 'cell_too_long', 'an open quote');
  t.equal((await faultOf(read(','.repeat(many)))).code, 'too_many_columns', 'commas');
  t.equal((await faultOf(read('"'.repeat(many)))).code, 'cell_too_long', 'quotes');
  t.equal((await faultOf(read(`${'1,'.repeat(many / 2)}\n`))).code, 'too_many_columns', 'cells');
});

t.test('blank rows are bounded too', async (t) => {
  const fault = await faultOf(read('\n'.repeat(100_001), { rows: 10 }));
  t.equal(fault.code, 'too_many_rows');
  t.match(fault.message, /100000 blank rows/);
});

t.test('a title as the first row costs no row after it', async (t) => {
  // csv-parse makes an error of every row that is not as wide as the first, eight times the work, unless it is kept from it.
  const rows = '13800138000,张三,上海,想看\n'.repeat(4_000);
  const cpu = async (text: string): Promise<number> => {
    const before = process.cpuUsage();
    await read(text);
    return process.cpuUsage(before).user;
  };
  await cpu(rows);
  const plain = await cpu(rows);
  const titled = await cpu(`报名表\n${rows}`);
  t.ok(titled < 4 * plain, `${titled} and ${plain} µs`);
});

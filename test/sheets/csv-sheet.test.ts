import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as fc from 'fast-check';
import iconv from 'iconv-lite';
import t from 'tap';
import { openSheet } from '../../src/sheets/open-sheet.ts';
import { SheetError } from '../../src/sheets/sheet.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';
import { cellsOf, faultOf, rowsOf } from './read-sheet.ts';

const TABLE = '手机,姓名\r\n13800138000,"张一, 先生"\r\n';

t.test('every encoding and delimiter comes to the same rows', async (t) => {
  const expected = [
    ['手机', '姓名'],
    ['13800138000', '张一, 先生'],
  ];
  for (const delimiter of [',', ';', '\t', '，', '|']) {
    const text = TABLE.replace('手机,', `手机${delimiter}`).replace('000,', `000${delimiter}`);
    const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const files: readonly (readonly [string, Buffer])[] = [
      ['utf-8', Buffer.from(text)],
      ['utf-8', Buffer.from(`\uFEFF${text}`)],
      ['gb18030', iconv.encode(text, 'gb18030')],
      ['utf-16le', utf16],
      ['utf-16be', Buffer.from(utf16).swap16()],
      ['utf-16le', utf16.subarray(2)],
    ];
    for (const [encoding, bytes] of files) {
      for (const piece of [1, 65_536]) {
        const sheet = await openSheet(fileOf(bytes, piece), UNNAMED, WIDE);
        t.strictSame(sheet.facts, { format: 'csv', encoding, delimiter });
        t.strictSame(
          (await rowsOf(sheet)).map((row) => row.cells),
          expected,
          `${encoding} ${delimiter}`,
        );
      }
    }
  }
});

t.test('rows can be read again from the beginning', async (t) => {
  const sheet = await openSheet(fileOf(TABLE.repeat(2_000)), UNNAMED, WIDE);
  for await (const group of sheet.rows()) {
    t.equal(group.length, 500);
    break;
  }
  const [first, second] = await Promise.all([rowsOf(sheet), rowsOf(sheet)]);
  t.equal(first.length, 4_000);
  t.strictSame(first, second);
});

t.test('a file that ends before its size is no file of fewer rows', async (t) => {
  const whole = fileOf(TABLE.repeat(100));
  const short = {
    size: whole.size,
    read: (from: number, to: number) => whole.read(from, Math.min(to, whole.size - 50)),
  };
  await t.rejects(openSheet(short, UNNAMED, WIDE), /gave \d+ bytes of/);
});

t.test('only a mark is a table without rows', async (t) => {
  t.strictSame(await cellsOf('\uFEFF'), []);
});

t.test('what is named and wrong is refused before anything is read', async (t) => {
  t.equal((await faultOf(cellsOf(TABLE, { delimiter: ',,' }))).code, 'delimiter_invalid');
  t.equal((await faultOf(cellsOf(iconv.encode(TABLE, 'gb18030'), { encoding: 'utf-8' }))).code, 'encoding_invalid');
});

t.test('csv-spectrum, the public conformance set', async (t) => {
  const root = createRequire(import.meta.url)
    .resolve('csv-spectrum')
    .replace(/index\.js$/, '');
  const names = (await readdir(`${root}csvs`)).map((name) => name.replace('.csv', ''));
  t.ok(names.length >= 12, `${names.length} files`);
  for (const name of names) {
    const objects: readonly Record<string, string>[] = JSON.parse(await readFile(`${root}json/${name}.json`, 'utf8'));
    const [header = [], ...rows] = await cellsOf(await readFile(`${root}csvs/${name}.csv`));
    const read = rows.map((cells) => Object.fromEntries(header.map((key, index) => [key, cells[index] ?? ''])));
    if (name === 'location_coordinates') {
      // Its JSON has another phone than its CSV, and is no list.
      t.equal(read[0]?.['Location Coordinates'], Object(objects)['Location Coordinates'], name);
      continue;
    }
    t.strictSame(read, objects, name);
  }
});

/** Rows, or a refusal with a hint; anything else fails the property. */
async function endsWell(bytes: Uint8Array, named: typeof UNNAMED): Promise<void> {
  const limits = { ...WIDE, rows: 50, columns: 10, cellCharacters: 200 };
  try {
    const sheet = await openSheet(fileOf(bytes, 50), named, limits);
    let last = 0;
    for (const { row, cells } of await rowsOf(sheet)) {
      if (row !== last + 1) throw new Error(`row ${row} after ${last}`);
      if (cells.length > 10 || cells.at(-1) === '') throw new Error(`cells of row ${row}`);
      if (cells.some((cell) => cell.length > 200 || cell.includes('\0'))) throw new Error(`a cell of row ${row}`);
      last = row;
    }
  } catch (error) {
    if (!(error instanceof SheetError) || error.hint === '' || error.message === '') throw error;
  }
}

const named = fc.record({
  encoding: fc.constantFrom(null, null, 'utf-8', 'gb18030', 'utf-16le', 'utf-16be', 'big5'),
  delimiter: fc.constantFrom(null, null, ',', '\t', '，', '😀'),
  sheet: fc.constant(null),
});

t.test('any bytes end in rows or in a refusal', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), named, endsWell), { numRuns: 400 });
});

t.test('so does CSV that was changed anywhere', async () => {
  const sources = ['utf-8', 'gb18030', 'utf-16le'].map((encoding) => iconv.encode(TABLE.repeat(4), encoding));
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc
      .constantFrom('"', ',', '\n', '\r', '""', '\0', '\uFEFF', '"\r\n', ',,,,,,,,,,,')
      .map((text) => Buffer.from(text)),
  );
  const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), out: fc.nat(8), piece });
  const changes = fc.array(change, { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sources), changes, named, async (source, made, options) => {
      let bytes: Buffer = source;
      for (const { at, out, piece } of made) {
        const from = Math.floor(at * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, from), piece, bytes.subarray(from + out)]);
      }
      await endsWell(bytes, options);
    }),
    { numRuns: 600 },
  );
});

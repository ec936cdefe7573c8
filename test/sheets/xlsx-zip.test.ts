import { readFile } from 'node:fs/promises';
import t from 'tap';
import type { SheetFile } from '../../src/sheets/sheet.ts';
import { createBudget } from '../../src/sheets/xlsx-budget.ts';
import { openXlsx } from '../../src/sheets/xlsx-sheet.ts';
import { openZip } from '../../src/sheets/xlsx-zip.ts';
import { ROOT } from '../helpers/root.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';
import { makeWorkbook, makeZip, workbookParts } from './make-workbook.ts';
import { faultOf, rowsOf } from './read-sheet.ts';

const LEADS = await readFile(new URL('test/fixtures/imports/leads.xlsx', ROOT));
const SHEET = 'xl/worksheets/sheet1.xml';
const ROW = '<row><c><v>13800138000</v></c></row>';
const MANY = await makeWorkbook({ sheets: { a: ROW.repeat(20_000) } }); // 680 KB of XML in 4 KB

async function partOf(bytes: Uint8Array, name: string, limit = 1e9): Promise<string> {
  const zip = await openZip(fileOf(bytes));
  const pieces: Uint8Array[] = [];
  for await (const piece of zip.read(name, createBudget(limit))) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

// Changes what the list says of a part: two bytes, `at` so many from the start of its header.
function patched(zip: Buffer, name: string, at: number, value: number): Buffer {
  const copy = Buffer.from(zip);
  copy.writeUInt16LE(value, copy.lastIndexOf(name) - 46 + at);
  return copy;
}

t.test('parts are found whatever their case, the first of a name counts', async (t) => {
  const zip = await openZip(fileOf(await makeZip({ 'xl/A.xml': 'first', 'xl/a.xml': 'second' })));
  t.strictSame([zip.has('XL/a.XML'), zip.has('xl/b.xml')], [true, false]);
  t.equal(await partOf(await makeZip({ 'xl/A.xml': 'first', 'xl/a.xml': 'second' }), 'xl/a.xml'), 'first');
  t.equal(await partOf(await makeZip({ 'empty.xml': '' }), 'empty.xml'), '');
});

t.test('the form for large files is read too: streamed exports have it', async (t) => {
  const bytes = await makeZip(workbookParts({ sheets: { a: ROW } }), 'zip64');
  t.strictSame(await rowsOf(await openXlsx(fileOf(bytes), UNNAMED, WIDE)), [{ row: 1, cells: ['13800138000'] }]);
});

t.test('what is no zip, or one that cannot be read, is damaged', async (t) => {
  const good = await makeZip({ [SHEET]: ROW.repeat(1000), 'stored.xml': 'a' });
  const damages: Readonly<Record<string, Uint8Array>> = {
    'no zip': Buffer.from('PK\x03\x04, and no more'),
    'no bytes': Buffer.alloc(0),
    'cut off': good.subarray(0, good.length - 30),
    'begun too late': good.subarray(100),
    'a password': patched(good, SHEET, 8, 0x0809),
    'strong encryption': patched(good, SHEET, 8, 0x0848),
    'another packing': patched(good, SHEET, 10, 93),
    'a wrong checksum': patched(good, SHEET, 16, 1),
    'another place': patched(good, SHEET, 42, 7),
    'fewer bytes': patched(good, SHEET, 20, 20),
    'more bytes than the file': patched(good, SHEET, 22, 0xffff),
    'a way up': Buffer.from(good.toString('latin1').replaceAll('stored.xml', '../a/b.xml'), 'latin1'),
    'an absolute name': Buffer.from(good.toString('latin1').replaceAll('stored.xml', '/abcde.xml'), 'latin1'),
  };
  for (const [name, bytes] of Object.entries(damages)) {
    t.equal((await faultOf(partOf(bytes, SHEET))).code, 'file_damaged', name);
  }
});

t.test('a part that is changed within is damaged, even where it still unpacks', async (t) => {
  const zip = await makeZip({ 'a.txt': '13800138000' });
  const at = zip.indexOf('a.txt') + 'a.txt'.length; // deflated, a text this short stands there nearly as it is
  for (let byte = 0; byte < 11; byte += 1) {
    const changed = Buffer.from(zip);
    changed[at + byte] = (changed[at + byte] ?? 0) ^ 4;
    t.equal((await faultOf(partOf(changed, 'a.txt'))).code, 'file_damaged', `byte ${byte}`);
  }
});

t.test('what comes out is counted, whatever the headers say', async (t) => {
  t.equal((await faultOf(partOf(MANY, SHEET, 600_000))).code, 'file_too_large');
  t.equal((await faultOf(partOf(patched(MANY, SHEET, 24, 10), SHEET, 600_000))).code, 'file_too_large');
  const limits = { ...WIDE, inflatedBytes: 600_000 };
  const sheet = await openXlsx(fileOf(MANY), UNNAMED, limits);
  const fault = await faultOf(rowsOf(sheet));
  t.equal(fault.code, 'file_too_large');
  t.match(fault.hint, 'CSV');
  t.equal((await faultOf(rowsOf(sheet))).code, 'file_too_large', 'again at the second reading');
  const enough = await openXlsx(fileOf(MANY), UNNAMED, { ...WIDE, inflatedBytes: 800_000 });
  t.equal((await rowsOf(enough)).length, 20_000);
  t.equal((await rowsOf(enough)).length, 20_000, 'each reading counts for itself');
});

t.test('texts that are repeated count each time', async (t) => {
  const bytes = await makeWorkbook({
    sheets: { a: '<row><c t="s"><v>0</v></c></row>'.repeat(2000) },
    strings: `<si><t>${'long'.repeat(1000)}</t></si>`,
  });
  const limits = { ...WIDE, inflatedBytes: 2_000_000 };
  t.equal((await faultOf(openXlsx(fileOf(bytes), UNNAMED, limits).then(rowsOf))).code, 'file_too_large');
});

t.test('a zip of very many parts is refused', async (t) => {
  const zip = await makeZip({ a: '' });
  const list = zip.indexOf('PK\x01\x02');
  const end = zip.indexOf('PK\x05\x06');
  const many = (count: number): Buffer => {
    const tail = Buffer.from(zip.subarray(end));
    tail.writeUInt16LE(count, 10);
    return Buffer.concat([zip.subarray(0, list), ...Array(count).fill(zip.subarray(list, end)), tail]);
  };
  t.equal((await openZip(fileOf(many(10_000)))).names.length, 1);
  t.equal((await faultOf(openZip(fileOf(many(10_001))))).code, 'file_damaged');
});

t.test('a file that cannot be read is no damaged one', async (t) => {
  const lost = new Error('the database is away');
  for (let good = 0; good < 40; good += 1) {
    let left = good;
    const whole = fileOf(LEADS);
    const failing: SheetFile = {
      size: whole.size,
      async *read(from, to) {
        left -= 1;
        if (left < 0) throw lost;
        yield* whole.read(from, to);
      },
    };
    const error = await openXlsx(failing, UNNAMED, WIDE)
      .then(rowsOf)
      .catch((reason: unknown) => reason);
    if (Array.isArray(error)) return t.ok(good > 3, `it takes ${good} reads`);
    t.equal(error, lost, `after ${good} reads`);
  }
  return t.fail('never through');
});

t.test('a file that gives too few bytes is not taken for a cut one', async (t) => {
  const short: SheetFile = { size: LEADS.length, read: (from, to) => fileOf(LEADS).read(from, to - 1) };
  await t.rejects(openXlsx(short, UNNAMED, WIDE), { message: /gave \d+ bytes of \d+/ });
});

t.test('who stops early leaves nothing open, and who is slow is waited for', async (t) => {
  const whole = fileOf(MANY, 64);
  let open = 0;
  let given = 0;
  const watched: SheetFile = {
    size: whole.size,
    async *read(from, to) {
      open += 1;
      try {
        for await (const piece of whole.read(from, to)) {
          given += piece.length;
          yield piece;
        }
      } finally {
        open -= 1;
      }
    },
  };
  const sheet = await openXlsx(watched, { ...UNNAMED, sheet: 'a' }, WIDE);
  given = 0;
  for await (const group of sheet.rows()) {
    t.ok(group.length >= 500);
    break;
  }
  // The way in is closed by the stream a turn later.
  for (let turn = 0; turn < 20 && open > 0; turn += 1) await new Promise(setImmediate);
  t.equal(open, 0, 'nothing is open');
  t.ok(given < whole.size, `${given} bytes of ${whole.size} were read`);
});

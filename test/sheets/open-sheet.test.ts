import t from 'tap';
import { openSheet } from '../../src/sheets/open-sheet.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';
import { faultOf } from './read-sheet.ts';

t.test('the bytes tell the format', async (t) => {
  t.equal((await openSheet(fileOf('a,b\n'), UNNAMED, WIDE)).facts.format, 'csv');
  const zip = await faultOf(openSheet(fileOf(Buffer.from('504b030414000600', 'hex')), UNNAMED, WIDE));
  t.match(zip.code, /^(file_damaged|format_unknown)$/, 'a ZIP goes to the reader of workbooks');
});

t.test('no bytes, and what is no table, are refused', async (t) => {
  const empty = await faultOf(openSheet(fileOf(''), UNNAMED, WIDE));
  t.equal(empty.code, 'file_empty');
  const pdf = await faultOf(openSheet(fileOf('%PDF-1.7'), UNNAMED, WIDE));
  t.equal(pdf.code, 'format_unknown');
  t.equal(pdf.message, 'The file is a PDF.');
  t.match(pdf.hint, /CSV UTF-8 or XLSX/);
});

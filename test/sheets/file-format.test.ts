import t from 'tap';
import { fileFormat, utf16Of } from '../../src/sheets/file-format.ts';

const TABLE = '手机,姓名\r\n13800138000,张一\r\n';

t.test('text and workbooks are taken', async (t) => {
  t.equal(fileFormat(Buffer.from('504b030414000600', 'hex')).kind, 'xlsx');
  for (const text of ['a', TABLE, `\uFEFF${TABLE}`, 'PK,a\n', '<b>,a\n', 'BM,GIF\n', '\n\n']) {
    t.equal(fileFormat(Buffer.from(text)).kind, 'text', JSON.stringify(text));
  }
  t.equal(fileFormat(Buffer.from(TABLE, 'utf16le')).kind, 'text', 'UTF-16 without a mark');
});

t.test('other documents are named, with what can be done', async (t) => {
  const others: readonly (readonly [string | Buffer, RegExp, RegExp])[] = [
    [Buffer.from('d0cf11e0a1b11ae1', 'hex'), /\.xls.*password/, /CSV UTF-8 or XLSX/],
    ['%PDF-1.7\n', /PDF/, /CSV UTF-8 or XLSX/],
    [Buffer.from('1f8b0800', 'hex'), /gzip/, /Unpack/],
    ['Rar!\x1a\x07\x00', /RAR/, /Unpack/],
    [Buffer.from('89504e470d0a1a0a', 'hex'), /picture/, /table/],
    [Buffer.from('ffd8ffe0', 'hex'), /picture/, /table/],
    ['GIF89a', /picture/, /table/],
    ['\x7fELF\x02\x01\x01\0\0\0a,b', /no text/, /CSV UTF-8/],
    ['138\x000013800,a\nb,c,d,e,f,g\n', /no text/, /CSV UTF-8/],
    ['\uFEFF<html xmlns:x="urn:schemas-microsoft-com:office:excel"><table>', /web page/, /CSV UTF-8/],
    ['  <?xml version="1.0"?><Workbook>', /web page or XML/, /CSV UTF-8/],
    ['<!DOCTYPE html>', /web page/, /CSV UTF-8/],
    ['<table border=1>', /web page/, /CSV UTF-8/],
  ];
  for (const [bytes, what, hint] of others) {
    const format = fileFormat(Buffer.from(bytes as string));
    if (format.kind !== 'other') {
      t.fail(`${bytes} is ${format.kind}`);
      continue;
    }
    t.match(format.what, what);
    t.match(format.hint, hint);
  }
});

t.test('UTF-16 shows by its mark or by its NULs', async (t) => {
  const little = Buffer.from(TABLE, 'utf16le');
  t.equal(utf16Of(little), 'utf-16le');
  t.equal(utf16Of(Buffer.from(little).swap16()), 'utf-16be');
  t.equal(utf16Of(Buffer.from('\uFEFF张', 'utf16le')), 'utf-16le');
  t.equal(utf16Of(Buffer.from('\uFEFF张', 'utf16le').swap16()), 'utf-16be');
  t.equal(
    utf16Of(Buffer.from('手机,一\n13800138000,一一\n', 'utf16le')),
    'utf-16le',
    'though 一 has its NUL in the other place',
  );
  t.equal(utf16Of(Buffer.from(TABLE)), null);
  t.equal(utf16Of(Buffer.alloc(100)), null, 'nothing but NULs');
  t.equal(utf16Of(Buffer.alloc(0)), null);
});

import iconv from 'iconv-lite';
import t from 'tap';
import { encodingOf } from '../../src/sheets/text-encoding.ts';
import { fileOf } from './file-of.ts';
import { faultOf } from './read-sheet.ts';

const TABLE = '手机,姓名\r\n13800138000,张一\r\n';

function found(bytes: Uint8Array | string, named: string | null = null, piece = 65_536): ReturnType<typeof encodingOf> {
  const whole = Buffer.from(bytes);
  return encodingOf(fileOf(whole, piece), whole.subarray(0, 4096), named);
}

t.test('is found out', async (t) => {
  const cases: readonly (readonly [string, Buffer, string, number])[] = [
    ['ascii', Buffer.from('a,b\n'), 'utf-8', 0],
    ['utf-8', Buffer.from(TABLE), 'utf-8', 0],
    ['utf-8 with a mark', Buffer.from(`\uFEFF${TABLE}`), 'utf-8', 3],
    ['gbk', iconv.encode(TABLE, 'gbk'), 'gb18030', 0],
    ['gb18030 of four bytes', iconv.encode('𠮷,㐀\n', 'gb18030'), 'gb18030', 0],
    ['gb18030 with a mark', iconv.encode(`\uFEFF${TABLE}`, 'gb18030'), 'gb18030', 4],
    ['utf-16le with a mark', Buffer.from(`\uFEFF${TABLE}`, 'utf16le'), 'utf-16le', 2],
    ['utf-16be with a mark', Buffer.from(`\uFEFF${TABLE}`, 'utf16le').swap16(), 'utf-16be', 2],
    ['utf-16le', Buffer.from(TABLE, 'utf16le'), 'utf-16le', 0],
    ['utf-16be', Buffer.from(TABLE, 'utf16le').swap16(), 'utf-16be', 0],
  ];
  for (const [what, bytes, name, mark] of cases) {
    for (const piece of [1, 7, 65_536])
      t.strictSame(await found(bytes, null, piece), { name, mark }, `${what} by ${piece}`);
  }
});

t.test('the whole file counts, not its beginning', async (t) => {
  const late = Buffer.concat([Buffer.from('a,b\n'.repeat(50_000)), iconv.encode(TABLE, 'gb18030')]);
  t.strictSame(await found(late), { name: 'gb18030', mark: 0 });
});

t.test('what is named counts', async (t) => {
  t.strictSame(await found('a,b', 'GBK'), { name: 'gb18030', mark: 0 });
  t.strictSame(await found('a,b', 'utf-8-bom'), { name: 'utf-8', mark: 0 });
  t.strictSame(await found('a,b', ' UTF8 '), { name: 'utf-8', mark: 0 });
  t.strictSame(await found(iconv.encode('張', 'big5'), 'big5'), { name: 'big5', mark: 0 });
  t.strictSame(await found(Buffer.from('\uFEFFa', 'utf16le').swap16(), 'utf-16'), { name: 'utf-16be', mark: 2 });
});

t.test('what is named and does not fit is refused', async (t) => {
  const cases: readonly (readonly [Buffer, string, RegExp])[] = [
    [iconv.encode(`a,b\n${TABLE}`, 'gb18030'), 'utf-8', /no utf-8, first in line 2/],
    [Buffer.from('a,b\nJos\xe9,c', 'latin1'), 'gb18030', /no gb18030, first in line 2/],
    [Buffer.from('abc'), 'utf-16le', /middle of a character/],
    [Buffer.from(`\uFEFF${TABLE}`), 'gb18030', /mark of utf-8/],
    [Buffer.from('a'), 'klingon', /no encoding "klingon"/],
    [Buffer.from('a'), 'hz-gb-2312', /no encoding/],
  ];
  for (const [bytes, named, detail] of cases) {
    const fault = await faultOf(found(bytes, named));
    t.equal(fault.code, 'encoding_invalid', named);
    t.match(fault.message, detail);
  }
});

t.test('a text that is cut off is refused, and says so', async (t) => {
  const utf8 = Buffer.from(TABLE.repeat(9_000));
  const cut = await faultOf(found(utf8.subarray(0, -3)));
  t.equal(cut.code, 'encoding_unknown');
  t.match(cut.message, /utf-8, and ends in the middle of a character/);
  t.match(cut.hint, /cut off/);
  const marked = Buffer.from(`\uFEFF${TABLE}`, 'utf16le');
  t.match((await faultOf(found(marked.subarray(0, -1)))).message, /utf-16le, and ends in the middle/);
  t.strictSame(
    await found(Buffer.from('a,b\n\xc4\xe3', 'latin1')),
    { name: 'gb18030', mark: 0 },
    'GBK ends as UTF-8 could',
  );
});

t.test('UTF-8 with half a character in it is not read as GB18030', async (t) => {
  const lines = (count: number): string => '13800138000,张三李四\n'.repeat(count);
  for (const before of [0, 3, 20_000]) {
    const half = Buffer.concat([Buffer.from(lines(before)), Buffer.from([0xe5, 0xbc]), Buffer.from(`\n${lines(9)}`)]);
    t.doesNotThrow(() => new TextDecoder('gb18030', { fatal: true }).decode(half), 'it could be');
    const fault = await faultOf(found(half));
    t.equal(fault.code, 'encoding_unknown');
    t.match(fault.message, new RegExp(`no utf-8, first in line ${before + 1}\\.`));
  }
});

t.test('what is none of them is refused', async (t) => {
  t.equal((await faultOf(found(Buffer.from('Jos\xe9,c', 'latin1')))).code, 'encoding_unknown');
  t.equal((await faultOf(found(Buffer.from('\uFEFFa\ud800', 'utf16le')))).code, 'encoding_unknown', 'half a pair');
});

import fc from 'fast-check';
import t from 'tap';
import { excerptOf, readText } from '../../src/webhooks/excerpt.ts';

const JSON_TYPE = 'application/json';
const CHARS = [...'aZ0189 \n\t\r\0\u001b\u0085\u200b\u202e\u2028\ufffd\ufeff@+-.(线索１😀é'];
const TEXT = fc.array(fc.constantFrom(...CHARS), { maxLength: 30 }).map((chars) => chars.join(''));

t.test('what is told of an answer', async (t) => {
  const cases: readonly (readonly [string | Buffer, string | null, string | null])[] = [
    ['', JSON_TYPE, null],
    ['ok', null, 'ok'],
    ['{"code":0,"msg":"ok"}', JSON_TYPE, '{"code":0,"msg":"ok"}'],
    ['  spaced \r\n\t out  ', 'text/plain', 'spaced out'],
    [' \n ', 'text/plain', null],
    ['bell\u0007 and \u001b[31mred\u001b[0m in a line of text', null, 'bell and [31mred [0m in a line of text'],
    ['{"phone":"13800138000"}', JSON_TYPE, '{"phone":"138****8000"}'],
    ['{"phone":13800138000}', JSON_TYPE, '{"phone":138****8000}'],
    ['unknown +86 138-0013-8000', null, 'unknown 138****8000'],
    ['138\u200b0013\u200b8000 is split by what cannot be seen', null, '138****8000 is split by what cannot be seen'],
    ['no account for zhang@example.com', null, 'no account for z***@example.com'],
    ['\u202eevil\u202c', null, 'evil'],
    ['\ufeff{"a":1}', JSON_TYPE, '{"a":1}'],
    ['手机号已存在', 'text/plain; charset=utf-8', '手机号已存在'],
    [Buffer.from('cad6bbfabac5', 'hex'), 'text/html; charset=GBK', '手机号'],
    ['odd charset', 'text/plain; charset=klingon', 'odd charset'],
    [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]), 'image/png', '[8 bytes, image/png]'],
    [Buffer.from('1f8b0800000000000003ab000000ffff', 'hex'), null, '[16 bytes, no text]'],
    [Buffer.from('fffefdfcfbfa', 'hex'), 'text/plain', '[6 bytes, text/plain]'],
    [Buffer.from([0]), 'x/13800138000', '[1 bytes, x/138****8000]'],
  ];
  for (const [body, type, expected] of cases) {
    t.equal(excerptOf(Buffer.from(body as string), type, 'whole'), expected, JSON.stringify(expected));
  }
});

t.test('a long answer is cut, between characters', async (t) => {
  for (const shift of ['', 'a', 'ab']) {
    const cut = excerptOf(Buffer.from(shift + '线'.repeat(5_000)), null, 'whole') ?? '';
    t.ok(Buffer.byteLength(cut) <= 2_048 && Buffer.byteLength(cut) > 2_040, `${Buffer.byteLength(cut)} bytes`);
    t.match(cut, /^a?b?线+$/);
  }
});

t.test('a phone that is cut in the middle is not told by its beginning', async (t) => {
  for (const beginning of [
    'tel 138001380',
    'tel 138 0013 80',
    'tel +86 138-0013-8',
    '电话１３８００１３',
    'mail zhang.san@exam',
  ]) {
    const excerpt = excerptOf(Buffer.from(beginning), null, 'beginning') ?? '';
    t.notMatch(excerpt, /[0-9１３８]|zhang/, `${beginning} → ${excerpt}`);
  }
  // Control characters make the looked-at window shorter than an excerpt: its end is seen, and a phone lies across it.
  const padded = Buffer.from(`${'a \n\n\n\n\n\n'.repeat(1_023)}13800138000`);
  t.ok(padded.indexOf('1380013') < 8_192 && padded.length > 8_192, 'it lies across');
  t.notMatch(excerptOf(padded, null, 'whole') ?? '', /\d/);
});

t.test('it is always 2 kB of sound text in one line at most', async () => {
  const part = fc.oneof(fc.uint8Array({ maxLength: 30 }), TEXT);
  const bodies = fc.tuple(part, fc.nat(400)).map(([one, times]) => {
    return Buffer.concat(Array<Buffer>(times).fill(Buffer.from(one as string)));
  });
  fc.assert(
    fc.property(bodies, fc.constantFrom('whole', 'beginning'), (body, extent) => {
      const excerpt = excerptOf(body, null, extent);
      if (excerpt === null) return true;
      return Buffer.byteLength(excerpt) <= 2_048 && isSound(excerpt) && !/\p{Cc}/u.test(excerpt);
    }),
    { numRuns: 200 },
  );
});

t.test('the text of an answer', async (t) => {
  t.equal(readText(Buffer.from('\ufeff{}'), JSON_TYPE), '{}');
  t.equal(readText(Buffer.from('c4e3bac3', 'hex'), 'application/json; charset="gb18030"'), '你好');
});

/** Whether UTF-8 says it and gives it back: no half of a character. */
function isSound(text: string): boolean {
  return Buffer.from(text).toString() === text;
}

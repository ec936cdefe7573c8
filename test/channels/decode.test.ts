import * as fc from 'fast-check';
import t, { type Test } from 'tap';
import type { Decoded, DecodeLimits, Push } from '../../src/channels/channel.ts';
import { decodeAgain, decodeBody, decodeForm, decodeJson, decodeXml } from '../../src/channels/decode.ts';

const LIMITS: DecodeLimits = { maxDepth: 20, maxValues: 1_000 };

function push(body: string | Uint8Array, type?: string, more: Partial<Push> = {}): Push {
  return {
    method: 'POST',
    path: '/in/x',
    query: '',
    headers: type === undefined ? {} : { 'content-type': type },
    body: Buffer.from(body as Uint8Array),
    receivedAt: 0,
    ...more,
  };
}

/** The value, or a text that begins with `unreadable`. */
async function readAs(push: Push): Promise<unknown> {
  const decoded = await decodeBody(push, LIMITS);
  return decoded.kind === 'decoded' ? decoded.value : `unreadable: ${decoded.detail}`;
}

async function isUnreadable(t: Test, push: Push, why: RegExp): Promise<void> {
  const value = await readAs(push);
  t.match(value, /^unreadable/, String(push.body).slice(0, 40));
  t.match(value, why);
}

t.test('JSON keeps every digit', async (t) => {
  const text =
    '{"id":7400000000000000001,"list":[9007199254740991,9007199254740993,-0,1.50,1e400,0.12345678901234567890],"a":1,"a":2}';
  t.strictSame(await readAs(push(text, 'application/json')), {
    id: '7400000000000000001',
    list: [9007199254740991, '9007199254740993', -0, 1.5, '1e400', '0.12345678901234567890'],
    a: 2,
  });
  t.strictSame(await readAs(push('\ufeff{"a":"张"}', 'application/json; charset=UTF-8')), { a: '张' });
  await isUnreadable(t, push('{"a":123456789012345678-}', 'application/json'), /not valid JSON/);
});

t.test('JSON is told by its looks, whatever its type says', async (t) => {
  for (const type of [
    undefined,
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/xml',
    'nonsense',
    '',
  ]) {
    t.strictSame(await readAs(push(' \r\n{"a":[1]}', type)), { a: [1] }, type ?? 'none');
    t.strictSame(await readAs(push('[{"a":1}]', type)), [{ a: 1 }], type ?? 'none');
  }
  t.strictSame(await readAs(push('"a=b"', 'application/json')), 'a=b');
  t.strictSame(await readAs(push('12', 'application/vnd.x+json')), 12);
});

t.test('JSON over a limit is unreadable, and says which', async (t) => {
  await isUnreadable(t, push('['.repeat(21) + ']'.repeat(21)), /nested more than 20/);
  await isUnreadable(t, push('['.repeat(1_000_000)), /nested/);
  await isUnreadable(t, push(`[${'1,'.repeat(1_000)}1]`), /more than 1000 values/);
});

t.test('a key __proto__ is a key, and changes no object', async (t) => {
  for (const body of [
    '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
    '__proto__=1&__proto__=2&constructor=3',
    '<a><__proto__><polluted>1</polluted></__proto__></a>',
  ]) {
    const value = await readAs(push(body));
    t.equal((value as { polluted?: unknown }).polluted, undefined);
    t.equal(({} as { polluted?: unknown }).polluted, undefined);
  }
});

t.test('charsets', async (t) => {
  const gbk = Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xd5, 0xc5, 0x22, 0x7d]); // {"a":"张"}
  for (const charset of ['gbk', 'GB18030', 'gb2312', '"GBK"']) {
    t.strictSame(await readAs(push(gbk, `application/json; charset=${charset}`)), { a: '张' }, charset);
  }
  await isUnreadable(t, push(gbk, 'application/json'), /UTF-8/);
  await isUnreadable(t, push('{}', 'application/json; charset=klingon'), /charset/);
  // %95%41 is one character in GBK, whose second byte is the letter A: browsers send it unescaped.
  t.strictSame(await readAs(push('a=%D5%C5&b=%95A', 'application/x-www-form-urlencoded; charset=gbk')), {
    a: '张',
    b: new TextDecoder('gbk').decode(Buffer.from([0x95, 0x41])),
  });
});

t.test('forms', async (t) => {
  const type = 'application/x-www-form-urlencoded';
  t.strictSame(await readAs(push('a=1+2&b=%E5%BC%A0%20x&c&=d&a[b]=3&e=4&e=5&e=6&f==', type)), {
    a: '1 2',
    b: '张 x',
    c: '',
    '': 'd',
    'a[b]': '3',
    e: ['4', '5', '6'],
    f: '=',
  });
  t.strictSame(await readAs(push('手机=13800138000', type)), { 手机: '13800138000' }, 'not escaped at all');
  t.strictSame(await readAs(push('a=100%&b=%zz', type)), { a: '100%', b: '%zz' }, 'a lone percent sign is one');
  t.strictSame(await readAs(push('a=1', undefined)), { a: '1' }, 'by its looks');
  t.strictSame(await readAs(push('', undefined, { query: 'leads_tel=13800138001&x=1' })), {
    leads_tel: '13800138001',
    x: '1',
  });
  await isUnreadable(t, push('a=%ff', type), /utf-8/);
  await isUnreadable(t, push('a=1&'.repeat(1_001), type), /more than 1000/);
  await isUnreadable(t, push(''), /empty/);
});

t.test('multipart forms', async (t) => {
  const body = [
    '--B',
    'Content-Disposition: form-data; name="rawRequest"',
    '',
    '{"q3_name":"张三"}',
    '--B',
    'Content-Disposition: form-data; name="tag"',
    '',
    'a',
    '--B',
    'Content-Disposition: form-data; name="tag"',
    '',
    'b',
    '--B',
    'Content-Disposition: form-data; name="file"; filename="cv.pdf"',
    'Content-Type: application/pdf',
    '',
    'secret content',
    '--B--',
    '',
  ].join('\r\n');
  const type = 'multipart/form-data; boundary=B';
  t.strictSame(await readAs(push(body, type)), { rawRequest: '{"q3_name":"张三"}', tag: ['a', 'b'], file: 'cv.pdf' });
  for (const [bad, of] of [
    [body.slice(0, 80), type],
    [body, 'multipart/form-data'],
    [body, 'multipart/form-data; boundary=C'],
    ['--B--\r\n', type],
    ['nothing', type],
  ] as const) {
    await isUnreadable(t, push(bad, of), /multipart|nothing/);
  }
});

t.test('XML', async (t) => {
  const xml =
    '<?xml version="1.0"?><xml a="1"><Encrypt><![CDATA[a<b]]></Encrypt><n>007</n><n>1e3</n><t>&lt;&amp;&gt;</t><e/></xml>';
  t.strictSame(await readAs(push(xml, 'text/xml')), {
    xml: { '@a': '1', Encrypt: 'a<b', n: ['007', '1e3'], t: '<&>', e: '' },
  });
  t.strictSame(await readAs(push(xml)), await readAs(push(xml, 'application/json')), 'by its looks');
  for (const bad of [
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<a><!doctype b></a>',
    '<a>',
    '<a></b>',
    '<',
    '<<<<',
    '<a b></a>',
    '<a>'.repeat(100) + '</a>'.repeat(100),
    `<a>${'<b/>'.repeat(2_000)}</a>`,
  ]) {
    await isUnreadable(t, push(bad, 'text/xml'), /XML/);
  }
});

t.test('what is compressed is not read', async (t) => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  await isUnreadable(t, push('{}', undefined, { headers }), /compressed/);
  t.strictSame(await readAs(push('{}', undefined, { headers: { 'content-encoding': 'identity' } })), {});
});

t.test('JSON in a text, decoded again', async (t) => {
  t.strictSame(decodeAgain('{"id":7400000000000000001}', LIMITS), { id: '7400000000000000001' });
  t.strictSame(decodeAgain(' [1]', LIMITS), [1]);
  for (const same of ['{"a":', '12', '', 'text', null, 3, { a: '{}' }]) t.strictSame(decodeAgain(same, LIMITS), same);
});

t.test('unreadable says nothing of the body', async (t) => {
  for (const body of ['{"phone":"13800138000"', 'phone=13800138000%ff', '<a>13800138000', '13800138000']) {
    const value = await readAs(push(body));
    if (typeof value === 'string') t.notMatch(value, '13800138000');
  }
});

t.test('nothing throws for any bytes and any type', async () => {
  const types = [
    'application/json',
    'text/xml',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=B',
    'text/plain; charset=gbk',
    '',
  ];
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        '"',
        ':',
        ',',
        '\\u',
        '<',
        '</',
        '>',
        '<![CDATA[',
        ']]>',
        '<!--',
        '&amp;',
        '&#',
        '<?',
        '=',
        '&',
        '%',
        '%E5',
        '--B',
        '\r\n',
        '__proto__',
        '1e999',
        '12345678901234567890',
        'Content-Disposition: form-data; name="a"',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 40 },
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    pieces.map((list) => Buffer.from(list.join(''))),
    fc.json().map((json) => Buffer.from(json)),
  );
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom(...types), fc.string({ unit: 'binary' }), async (bytes, type, query) => {
      const decoded: Decoded = await decodeBody(push(bytes, type, { query }), LIMITS);
      return decoded.kind === 'decoded' || decoded.detail !== '';
    }),
    { numRuns: 1_000 },
  );
});

t.test('valid JSON comes back as it was', async () => {
  await fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false, maxDepth: 4 }), (value) => {
      const decoded = decodeJson(JSON.stringify({ value }), { maxDepth: 100, maxValues: 100_000 });
      const plain = decoded.kind === 'decoded' ? JSON.stringify(decoded.value) : '';
      return plain === JSON.stringify({ value }) || /\d{16}|e[+-]\d/.test(JSON.stringify(value));
    }),
  );
});

t.test('time grows with the length, not its square', async (t) => {
  const limits = { maxDepth: 64, maxValues: 1_000_000 };
  const long: readonly (readonly [string, (n: number) => void])[] = [
    ['form', (n) => decodeForm('a=%41&'.repeat(n), limits)],
    ['percent', (n) => decodeForm('%'.repeat(6 * n), limits)],
    ['JSON', (n) => decodeJson(`[${'12345678901234567890,'.repeat(n)}1]`, limits)],
    ['XML', (n) => decodeXml(`<a>${'<b>1</b>'.repeat(n)}</a>`, limits)],
    ['open comments', (n) => decodeXml(`<a>${'<!--'.repeat(n)}</a>`, limits)],
    ['open CDATA', (n) => decodeXml(`<a>${'<![CDATA['.repeat(n)}</a>`, limits)],
    ['open elements', (n) => decodeXml('<a '.repeat(n), limits)],
    ['attributes', (n) => decodeXml(`<a ${'b="" '.repeat(n)}/>`, limits)],
    ['quotes', (n) => decodeXml(`<a b="${"'".repeat(n)}`, limits)],
    ['entities', (n) => decodeXml(`<a>${'&amp;'.repeat(n)}</a>`, limits)],
    ['blanks', (n) => decodeXml(`<a>${' '.repeat(n)}x</a>`, limits)],
    ['instructions', (n) => decodeXml('<?x '.repeat(n), limits)],
  ];
  for (const [name, run] of long) {
    run(2_000);
    const started = performance.now();
    run(60_000);
    const millis = performance.now() - started;
    t.ok(millis < 2_000, `${name}: ${millis.toFixed(0)} ms`);
  }
  const part = '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';
  for (const body of [`${part.repeat(10_000)}--B--\r\n`, '--B\r\n'.repeat(60_000), `${part.repeat(10_000)}`]) {
    const started = performance.now();
    await decodeBody(push(body, 'multipart/form-data; boundary=B'), limits);
    const millis = performance.now() - started;
    t.ok(millis < 2_000, `multipart: ${millis.toFixed(0)} ms`);
  }
});

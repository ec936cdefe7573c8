import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { recordingCapture } from '../helpers/recording-capture.ts';
import { type Call, startService } from '../helpers/service.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const lead = (more: object): Call => ({ body: { person: { phone: '13800138000' }, ...more } });
const raw = (text: string | Buffer, headers: Call['headers'] = {}): Call => ({
  raw: text,
  headers: { ...JSON_TYPE, ...headers },
});
const gbk = Buffer.concat([
  Buffer.from('{"person":{"name":"'),
  Buffer.from([0xd5, 0xc5, 0xc8, 0xfd]),
  Buffer.from('"}}'),
]);

/** What is sent, the status and the code it must be answered with, and the path where there is one. */
const CASES: readonly (readonly [string, Call, number, string, string?])[] = [
  // JSON that is none.
  ['empty body', raw(''), 400, 'body_empty'],
  ['blank body', raw(' \r\n '), 400, 'body_empty'],
  ['null', raw('null'), 400, 'body_empty'],
  ['no body and no type', { headers: {} }, 400, 'body_empty'],
  ['truncated object', raw('{"person":{"phone":"138'), 400, 'body_truncated'],
  ['truncated number', raw('{"person":1'), 400, 'body_truncated'],
  ['single quotes', raw("{'person':{}}"), 400, 'body_not_json'],
  ['trailing comma', raw('{"person":{},}'), 400, 'body_not_json'],
  ['comment', raw('{/* x */"person":{}}'), 400, 'body_not_json'],
  ['NaN', raw('{"product":{"quantity":NaN}}'), 400, 'body_not_json'],
  ['Infinity', raw('{"product":{"quantity":-Infinity}}'), 400, 'body_not_json'],
  ['hex number', raw('{"product":{"quantity":0x10}}'), 400, 'body_not_json'],
  ['leading zero', raw('{"product":{"quantity":007}}'), 400, 'body_not_json'],
  ['two documents', raw('{}{}'), 400, 'body_not_json'],
  ['a form', raw('phone=13800138000&name=x'), 400, 'body_not_json'],
  ['html', raw('<html></html>'), 400, 'body_not_json'],
  ['raw newline in text', raw('{"schema_version":"a\nb"}'), 400, 'body_not_json'],
  ['raw NUL in text', raw('{"schema_version":"a\0b"}'), 400, 'body_not_json'],
  ['bad escape', raw('{"schema_version":"\\x41"}'), 400, 'body_not_json'],
  ['unpaired brackets', raw('{"a":[1}'), 400, 'body_not_json'],
  // Bytes.
  ['GBK', raw(gbk), 400, 'body_not_utf8'],
  ['overlong UTF-8', raw(Buffer.from([0x22, 0xc0, 0xaf, 0x22])), 400, 'body_not_utf8'],
  ['UTF-16', raw(Buffer.from('\uFEFF{"a":1}', 'utf16le')), 400, 'body_not_utf8'],
  ['random bytes', raw(Buffer.from([0xff, 0xfe, 0x00, 0x80])), 400, 'body_not_utf8'],
  ['gzip that is not said', raw(gzipSync('{}')), 400, 'body_not_utf8'],
  ['gzip that is said', raw(gzipSync('{}'), { 'content-encoding': 'gzip' }), 415, 'encoding_unsupported'],
  ['too large', raw(Buffer.alloc(70_000, ' ')), 413, 'body_too_large'],
  // Structure.
  ['17 deep', raw(`{"extra":${'['.repeat(16)}${']'.repeat(16)}}`), 400, 'body_too_deep'],
  ['30,000 brackets', raw('['.repeat(30_000)), 400, 'body_too_deep'],
  [
    '600 keys',
    raw(JSON.stringify({ extra: Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`k${i}`, 1])) })),
    400,
    'body_too_many_keys',
  ],
  ['600 elements', raw(JSON.stringify({ clear: Array(600).fill('name') })), 400, 'body_too_many_keys'],
  [
    '201 keys under extra',
    lead({ extra: Object.fromEntries(Array.from({ length: 201 }, (_, i) => [`k${i}`, 1])) }),
    422,
    'body_invalid',
    '/extra',
  ],
  ['__proto__', raw('{"__proto__":{"admin":true}}'), 400, 'body_forbidden_key'],
  ['__proto__ within', raw('{"extra":{"a":[{"__proto__":1}]}}'), 400, 'body_forbidden_key'],
  ['__proto__ in escapes', raw('{"\\u005f\\u005fproto\\u005f\\u005f":1}'), 400, 'body_forbidden_key'],
  ['constructor.prototype', raw('{"extra":{"constructor":{"prototype":{"x":1}}}}'), 400, 'body_forbidden_key'],
  ['a key twice', raw('{"person":{"phone":"1"},"person":{"phone":"2"}}'), 400, 'body_duplicate_key'],
  ['a key twice, escaped', raw('{"person":{"phone":"1","\\u0070hone":"2"}}'), 400, 'body_duplicate_key'],
  ['escaped NUL', raw('{"person":{"name":"a\\u0000b"}}'), 400, 'body_bad_text'],
  ['NUL in a key', raw('{"extra":{"a\\u0000":1}}'), 400, 'body_bad_text'],
  ['lone high surrogate', raw('{"person":{"name":"\\ud83d"}}'), 400, 'body_bad_text'],
  ['lone low surrogate', raw('{"person":{"name":"\\ude00x"}}'), 400, 'body_bad_text'],
  ['a number beyond all', raw('{"product":{"quantity":1e999}}'), 400, 'body_number_out_of_range'],
  // Shape.
  ['a list', raw('[]'), 422, 'body_invalid', ''],
  ['a text', raw('"x"'), 422, 'body_invalid', ''],
  ['a number', raw('7'), 422, 'body_invalid', ''],
  ['true', raw('true'), 422, 'body_invalid', ''],
  ['an unknown field', lead({ phone: '1' }), 422, 'body_invalid', '/phone'],
  ['what every object has', lead({ toString: 'x' }), 422, 'body_invalid', '/toString'],
  ['constructor as a field', lead({ constructor: 'x' }), 422, 'body_invalid', '/constructor'],
  ['null for a group', lead({ traffic: null }), 422, 'body_invalid', '/traffic'],
  ['null for a field', lead({ channel: null }), 422, 'body_invalid', '/channel'],
  ['a list for a group', lead({ person: [] }), 422, 'body_invalid', '/person'],
  ['a phone as an object', lead({ person: { phone: { $ne: null } } }), 422, 'body_invalid', '/person/phone'],
  ['a phone as a list', lead({ person: { phone: ['1'] } }), 422, 'body_invalid', '/person/phone'],
  ['a phone with decimals', lead({ person: { phone: 1.38e10 + 0.5 } }), 422, 'body_invalid', '/person/phone'],
  ['a phone of 300 characters', lead({ person: { phone: '1'.repeat(300) } }), 422, 'body_invalid', '/person/phone'],
  ['a huge key', lead({ ['k'.repeat(10_000)]: 1 }), 422, 'body_invalid', `/${'k'.repeat(128)}`],
  ['a name of 101 characters', lead({ person: { name: '张'.repeat(101) } }), 422, 'body_invalid', '/person/name'],
  ['quantity as text', lead({ product: { quantity: '2' } }), 422, 'body_invalid', '/product/quantity'],
  ['quantity beyond 2^53', raw('{"product":{"quantity":9007199254740993}}'), 422, 'body_invalid', '/product/quantity'],
  ['price with decimals', lead({ product: { price: 1.5 } }), 422, 'body_invalid', '/product/price'],
  ['negative budget', lead({ intent: { budget: -1 } }), 422, 'body_invalid', '/intent/budget'],
  ['currency in lower case', lead({ intent: { currency: 'cny' } }), 422, 'body_invalid', '/intent/currency'],
  ['an unknown kind', lead({ intent: { kind: 'ordr' } }), 422, 'body_invalid', '/intent/kind'],
  [
    'granted as text',
    lead({ consents: [{ purpose: 'contact', granted: 'yes' }] }),
    422,
    'body_invalid',
    '/consents/0/granted',
  ],
  ['a consent for nothing', lead({ consents: [{ granted: true }] }), 422, 'body_invalid', '/consents/0/purpose'],
  [
    '21 consents',
    lead({ consents: Array(21).fill({ purpose: 'contact', granted: true }) }),
    422,
    'body_invalid',
    '/consents',
  ],
  [
    'a 企微 id without its company',
    lead({ person: { wecom: { external_user_id: 'x' } } }),
    422,
    'body_invalid',
    '/person/wecom/corp_id',
  ],
  ['clearing the phone', lead({ clear: ['phone'] }), 422, 'body_invalid', '/clear/0'],
  ['test as text', lead({ test: 'true' }), 422, 'body_invalid', '/test'],
  ['extra as text', lead({ extra: 'x' }), 422, 'body_invalid', '/extra'],
  ['an empty channel', lead({ channel: '' }), 422, 'body_invalid', '/channel'],
  ['a channel of 65 characters', lead({ channel: 'x'.repeat(65) }), 422, 'body_invalid', '/channel'],
  // Headers and query.
  ['text/plain', { ...raw('{}'), headers: { 'content-type': 'text/plain' } }, 415, 'media_type_unsupported'],
  [
    'a form type',
    { ...raw('a=1'), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'media_type_unsupported',
  ],
  [
    'multipart',
    { ...raw('x'), headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    415,
    'media_type_unsupported',
  ],
  ['no such type', { ...raw('{}'), headers: { 'content-type': 'nonsense' } }, 415, 'media_type_unsupported'],
  [
    'json but not quite',
    { ...raw('{}'), headers: { 'content-type': 'application/jsonp' } },
    415,
    'media_type_unsupported',
  ],
  [
    'a charset that is none',
    { ...raw('{}'), headers: { 'content-type': 'application/json; charset=gbk' } },
    415,
    'charset_unsupported',
  ],
  [
    'an idempotency key of 256',
    { ...lead({}), headers: { 'idempotency-key': 'x'.repeat(256) } },
    400,
    'header_invalid',
    '/Idempotency-Key',
  ],
  [
    'an empty idempotency key',
    { ...lead({}), headers: { 'idempotency-key': '' } },
    400,
    'header_invalid',
    '/Idempotency-Key',
  ],
  [
    'an idempotency key in Chinese',
    { ...lead({}), headers: { 'idempotency-key': Buffer.from('键').toString('latin1') } },
    400,
    'header_invalid',
    '/Idempotency-Key',
  ],
];

t.test(`${CASES.length} malformed requests: each a problem with its stable code, none reaches the flow`, async (t) => {
  t.ok(CASES.length >= 60);
  const capture = recordingCapture();
  const { call } = await startService(t, { capture, limits: { bodyLimitBytes: 65_536, jsonMaxKeys: 500 } });
  for (const [name, request, status, code, path] of CASES) {
    const answer = await call('POST', '/v1/leads', request);
    t.equal(answer.status, status, name);
    t.equal(answer.body?.code, code, `${name} is ${code}`);
    t.match(answer.headers['content-type'], /^application\/problem\+json/, `${name} is a problem document`);
    t.equal(answer.body?.request_id, answer.headers['x-request-id'], `${name} can be found again`);
    if (path !== undefined)
      t.ok(
        answer.body.errors.some((error: { path: string }) => error.path === path),
        `${name} names ${path}`,
      );
  }
  t.equal(capture.submitted.length, 0);
  t.equal(({} as { admin?: boolean }).admin, undefined, 'no prototype was touched');
  t.equal((await call('POST', '/v1/leads', lead({}))).status, 201, 'and a good one still passes');
});

t.test('query and path', async (t) => {
  const { call } = await startService(t, { capture: recordingCapture() });
  for (const [path, status, code] of [
    ['/v1/leads?dry_run=2', 400, 'query_invalid'],
    ['/v1/leads?dry_run=true&dry_run=false', 400, 'query_invalid'],
    ['/v1/leads?__proto__=1', 400, 'query_invalid'],
    ['/v1/leads?constructor=1', 400, 'query_invalid'],
    ['/v1/leads?%zz=1', 400, 'query_invalid'],
    ['/v1/leads/%zz', 400, 'url_malformed'],
    ['/problems/x', 405, 'method_not_allowed'],
    ['//v1/leads', 404, 'route_not_found'],
    ['/v1/leads/', 404, 'route_not_found'],
    ['/V1/LEADS', 404, 'route_not_found'],
  ] as const) {
    const answer = await call('POST', path, lead({}));
    t.equal(answer.status, status, path.slice(0, 40));
    t.equal(answer.body.code, code, path.slice(0, 40));
  }
  t.match(await call('GET', `/problems/${'x'.repeat(205)}`), { status: 414, body: { code: 'url_too_long' } });
  t.match(await call('GET', '/problems/nonsense'), { status: 404, body: { code: 'not_found' } });
});

/** Sends bytes as they are and reads until the connection ends. */
function exchange(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes, 'latin1'));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

t.test('what is no HTTP, or two requests in one, is answered in the same form and cut off', async (t) => {
  const capture = recordingCapture();
  const { url, adminKey } = await startService(t, { capture });
  const head = `POST /v1/leads HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${adminKey}\r\nContent-Type: application/json\r\n`;
  for (const [name, bytes, status] of [
    ['no HTTP', 'hello\r\n\r\n', 400],
    [
      'both lengths',
      `${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n`,
      400,
    ],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}`, 400],
    ['a length that is none', `${head}Content-Length: 1e1\r\n\r\n{}`, 400],
    ['a chunk size that is none', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`, 400],
    ['an unknown transfer coding', `${head}Transfer-Encoding: xchunked\r\n\r\n{}`, 400],
    ['a folded header', `${head}X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}`, 400],
    ['a NUL in a header', `${head}X-A: a\0b\r\n\r\n`, 400],
    ['20 KB of headers', `${head}X-A: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ] as const) {
    const answer = await exchange(url, bytes);
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), name);
    t.match(answer, /content-type: application\/problem\+json/i, `${name} is a problem document`);
    t.match(answer, /connection: close/i, `${name} ends the connection`);
    t.equal(answer.match(/^HTTP\/1\.1 /gm)?.length, 1, `${name} is answered once`);
  }
  t.equal(capture.submitted.length, 0);
});

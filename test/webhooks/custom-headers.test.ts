import t from 'tap';
import { checkHeaders, HEADERS_BYTES, HEADERS_MOST } from '../../src/webhooks/custom-headers.ts';

const refused = (headers: Record<string, string>) => {
  const checked = checkHeaders(headers);
  return checked.kind === 'refused' ? { name: checked.name, detail: checked.detail } : null;
};

t.test('names become lower case, values stay', (t) => {
  t.strictSame(checkHeaders({ Authorization: 'Bearer A b', 'X_Key!': '~', 'User-Agent': 'x', 'Content-Type': 'a/b' }), {
    kind: 'ok',
    headers: { authorization: 'Bearer A b', 'x_key!': '~', 'user-agent': 'x', 'content-type': 'a/b' },
  });
  t.strictSame(checkHeaders({}), { kind: 'ok', headers: {} });
  t.end();
});

t.test('what is ours, of one connection, or no header is refused by its name', (t) => {
  const ours = ['Host', 'Content-Length', 'Transfer-Encoding', 'connection', 'Keep-Alive', 'Upgrade', 'TE', 'Trailer'];
  const more = ['Proxy-Authorization', 'Expect', 'Content-Encoding', 'Webhook-Id', 'webhook-anything', 'CLEW-TEST'];
  const none = ['', 'a b', 'a:b', 'a\nb', 'é', 'x'.repeat(101)];
  for (const name of [...ours, ...more, ...none]) {
    const fault = refused({ fine: 'v', [name]: 'v' });
    t.equal(fault?.name, name, JSON.stringify(name));
    t.ok((fault?.detail ?? '').length > 10);
  }
  t.equal(refused({ 'X-Key': 'a', 'x-key': 'b' })?.name, 'x-key', 'one name in two spellings');
  t.end();
});

t.test('a value is visible ASCII, and is not repeated when it is refused', (t) => {
  for (const value of ['', ' ', ' a', 'a ', 'a\r\nInjected: 1', 'a\u0000', 'a\tb', '密钥', 'caf\u00e9']) {
    const fault = refused({ 'x-key': value });
    t.equal(fault?.name, 'x-key', JSON.stringify(value));
    if (value.trim().length > 1) t.notOk(fault?.detail.includes(value));
  }
  t.end();
});

t.test('there are bounds to how many and how long', (t) => {
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`x-${i}`, 'v']));
  t.equal(refused(many(HEADERS_MOST)), null);
  t.match(refused(many(HEADERS_MOST + 1)), { name: null, detail: /20/ });
  t.equal(refused({ a: 'v'.repeat(HEADERS_BYTES - 1) }), null);
  t.match(refused({ a: 'v'.repeat(HEADERS_BYTES) }), { name: null, detail: /4096/ });
  t.end();
});

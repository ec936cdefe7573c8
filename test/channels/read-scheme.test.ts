import t from 'tap';
import { readScheme } from '../../src/channels/read-scheme.ts';
import { NAMED_SCHEMES } from '../../src/channels/signature-presets.ts';

const SIGNATURE = { in: 'header', name: 'X-Sign' } as const;

t.test('reads families by name', async (t) => {
  t.equal(readScheme('none'), 'none');
  for (const [name, scheme] of Object.entries(NAMED_SCHEMES)) {
    t.strictSame(readScheme(name), scheme, name);
    t.strictSame(readScheme({ like: name }), scheme, `like ${name}`);
    t.strictSame(readScheme(scheme), scheme, `${name} written out`);
  }
  for (const name of ['', 'S4', 's99', '__proto__', 'constructor', 'toString']) {
    t.equal(readScheme(name), null, name);
    t.equal(readScheme({ like: name }), null, `like ${name}`);
  }
});

t.test('fills in what a scheme leaves out', async (t) => {
  t.strictSame(readScheme({ method: 'hmac', template: '{body}', signature: SIGNATURE }), {
    method: 'hmac',
    algorithm: 'sha256',
    template: '{body}',
    encoding: 'hex',
    signature: { in: 'header', name: 'x-sign' },
    prefix: '',
    separator: null,
    key: 'text',
    timestamp: null,
    id: null,
    nonce: null,
    escaped: 'raw',
  });
  t.strictSame(readScheme({ like: 's4', signature: SIGNATURE }), {
    ...NAMED_SCHEMES['s4'],
    signature: { in: 'header', name: 'x-sign' },
  });
});

t.test('a scheme that is said badly is none', async (t) => {
  const good = { method: 'hmac', template: '{body}', signature: SIGNATURE };
  for (const bad of [
    { method: 'none' },
    { method: undefined },
    { template: '' },
    { template: 1 },
    { algorithm: 'crc32' },
    { encoding: 'base32' },
    { key: 'rsa' },
    { signature: { in: 'cookie', name: 'a' } },
    { signature: { in: 'header', name: '' } },
    { signature: null },
    { prefix: 1 },
    { separator: '' },
    { escaped: true },
    { timestamp: { in: 'header', name: 't', unit: 's' } },
    { timestamp: { in: 'header', name: 't', unit: 's', toleranceSeconds: 0 } },
    { timestamp: { in: 'header', name: 't', unit: 's', toleranceSeconds: 1e9 } },
    { timestamp: { in: 'header', name: 't', unit: 'm', toleranceSeconds: 300 } },
    { timestamp: 'x-time' },
  ]) {
    t.equal(readScheme({ ...good, ...bad }), null, JSON.stringify(bad));
  }
  for (const none of [null, undefined, 1, [], {}, true]) t.equal(readScheme(none), null);
});

import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import t from 'tap';
import type { Push } from '../../src/channels/channel.ts';
import { digest, hmacBody, mac, sameText, verify } from '../../src/channels/signature.ts';
import { NAMED_SCHEMES, sharedKey } from '../../src/channels/signature-presets.ts';
import type { SignatureScheme } from '../../src/channels/signature-scheme.ts';

const BODY = '{"event":"demo","n":1}';
const AT = 1_700_000_000_000;
const WHSEC = 'whsec_ZGVtb19zZWNyZXRfMjRfYnl0ZXNfeHh4';
const AUTHENTIC = { kind: 'authentic' } as const;
const ENCRYPT = 'Q3stYC6hdFzMh9T8HCvyDJatpvLhfy9s8l+X+yRGMWdOCkwET3uWmEjuaeB1CJs9O4+VIBKOpSWpdeM1NRx13Q==';

interface Vector {
  readonly name: string;
  readonly scheme: SignatureScheme;
  readonly secret: string;
  readonly push: Push;
  readonly covers: 'body' | 'rest'; // whether every byte of the body is signed
}

const VECTORS: readonly Vector[] = [
  vector('s1', { 'x-douyin-signature': 'b6ac60d9893c5ba41ec684e49e7de5fbc9f70ea9' }),
  vector('s2', { 'x-red-signature': 'sha1=bfc22e92b0e030508e6ccfe91691c8f2dda7dfdb' }),
  vector('s3', { 'x-open-signature': 'b00a2e8443c0465bdd3496af1521464f2c69fa88fc21414b0e0e5229aa7f494a' }),
  vector('s4', { 'x-hub-signature-256': 'sha256=b00a2e8443c0465bdd3496af1521464f2c69fa88fc21414b0e0e5229aa7f494a' }),
  vector('s5', { 'typeform-signature': 'sha256=sAouhEPARlvdNJavFSFGTyxp+oj8IUFLDg5SKap/SUo=' }),
  vector('s6', { 'x-li-signature': 'ab0a8948511b720026c5ba728a7a2c5f81c55f128b1e0b1b3e22c2efc60898c4' }),
  vector('s7', {
    'x-webflow-timestamp': '1700000000000',
    'x-webflow-signature': '506b25c0670a4d071cad93ac2efbc2765c059d3814b09a54e9321e3893a1a810',
  }),
  vector('s8', {
    'tiktok-signature': 't=1700000000,s=24e1e7e2c9e5699ad16c45cfb3e2febf468351d08785dd9ef46556a775dacb2e',
  }),
  {
    ...vector('s9', {
      'webhook-id': 'msg_demo',
      'webhook-timestamp': '1700000000',
      'webhook-signature': 'v1,yFtxfeBpI+lQhUkQBmGU1gSu1IgXQM+WqJ2mVTqprpU=',
    }),
    secret: WHSEC,
  },
  {
    ...vector('s10', {}, 'msg_signature=6a547006c6990140d299af1bcf4819aa54fa0e97&timestamp=1700000000&nonce=nonce1'),
    secret: 'tok',
    push: {
      ...push({}, 'msg_signature=6a547006c6990140d299af1bcf4819aa54fa0e97&timestamp=1700000000&nonce=nonce1'),
      body: Buffer.from(`<xml><Encrypt><![CDATA[${ENCRYPT}]]></Encrypt></xml>`),
    },
    covers: 'rest',
  },
  vector(
    's11',
    { 'x-life-sign': '21cf156cb34c9311de269cebf7cdad67dd46a5bcf2decb1c7074f3e393f654ed' },
    'client_key=ck1&timestamp=1700000000000',
  ),
  vector(
    's3_escaped',
    { 'x-open-signature': '90eda0504a96c4afb19c67259001cc022509c96fedf776af3eba257c4f5f12ca' },
    '',
    '{"name":"张三"}',
  ),
  vector(
    's3_escaped',
    { 'x-open-signature': '810ba92c7e9698c56efcd95d43278a1d6ae9c06a77fb341358bb15e9ebf4dfba' },
    '',
    '{"name":"张三"}',
  ),
  vector('s13', {}, '', '{"google_key":"demo_secret","lead_id":"1"}', 'rest'),
  {
    ...vector(
      's12',
      {
        signature: 'ZDY5YzIxY2EyY2YwNmQxYjgxZWJiMTNlMDI1NDg5MTIyNWFhNDkxMmE2YWViMGM1NzFiZDBhZTYyY2M0MjVkZA==',
        timestamp: '1700003600',
      },
      'start_time=1700000000&end_time=1700003600',
      '',
      'rest',
    ),
    push: {
      ...push(
        {
          signature: 'ZDY5YzIxY2EyY2YwNmQxYjgxZWJiMTNlMDI1NDg5MTIyNWFhNDkxMmE2YWViMGM1NzFiZDBhZTYyY2M0MjVkZA==',
          timestamp: '1700003600',
        },
        'start_time=1700000000&end_time=1700003600',
        '',
      ),
      path: '/crm/v2/openapi/pull-clues/',
      method: 'GET',
      receivedAt: 1_700_003_600_000,
    },
  },
];

function push(headers: Readonly<Record<string, string>>, query = '', body = BODY): Push {
  return { method: 'POST', path: '/in/demo', query, headers, body: Buffer.from(body), receivedAt: AT };
}

function vector(
  name: string,
  headers: Readonly<Record<string, string>>,
  query = '',
  body = BODY,
  covers: Vector['covers'] = 'body',
): Vector {
  return { name, scheme: scheme(name), secret: 'demo_secret', push: push(headers, query, body), covers };
}

function scheme(name: string): SignatureScheme {
  const found = NAMED_SCHEMES[name];
  if (found === undefined) throw new Error(name);
  return found;
}

function codeOf(scheme: SignatureScheme, push: Push, secrets: readonly string[]): string {
  const result = verify(scheme, push, secrets);
  return result.kind === 'authentic' ? 'authentic' : result.code;
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = (changed[at] ?? 0) ^ 1;
  return changed;
}

t.test('the vectors', async (t) => {
  for (const { name, scheme, secret, push } of VECTORS) {
    t.strictSame(verify(scheme, push, [secret]), AUTHENTIC, name);
    t.strictSame(verify(scheme, push, ['another', secret]), AUTHENTIC, `${name} while a secret is rotated`);
  }
});

t.test('without a secret nothing passes', async (t) => {
  for (const { name, scheme, push } of VECTORS) {
    for (const secrets of [[], [''], ['', ' ']]) t.equal(codeOf(scheme, push, secrets), 'secret_missing', name);
  }
  const emptyKey = push({ 'x-open-signature': mac('sha256', 'hex', '', [Buffer.from(BODY)]) });
  for (const key of ['text', 'hex', 'base64', 'whsec'] as const) {
    for (const secret of ['', 'whsec_', 'A', 'whsec_A', '中文', '=']) {
      t.not(codeOf({ ...scheme('s3'), key }, emptyKey, [secret]), 'authentic', `${key} ${secret}`);
    }
  }
  const unkeyed = { ...scheme('s1'), template: '{body}' };
  const signed = push({ 'x-douyin-signature': createHash('sha1').update(BODY).digest('hex') });
  t.equal(codeOf(unkeyed, signed, ['demo_secret']), 'secret_missing', 'a hash that holds no secret proves nothing');
});

t.test('another secret, byte or signature is refused', async (t) => {
  for (const { name, scheme, secret, push, covers } of VECTORS) {
    const refused = scheme.method === 'equal' ? 'key_invalid' : 'signature_invalid';
    const other = scheme.key === 'whsec' ? 'whsec_b3RoZXJfc2VjcmV0XzI0X2J5dGVzX3h4eA==' : `${secret}x`;
    t.equal(codeOf(scheme, push, [other]), refused, `${name}: secret`);
    if (covers === 'rest') continue;
    push.body.forEach((_, i) => {
      t.equal(codeOf(scheme, { ...push, body: flipped(push.body, i) }, [secret]), refused, `${name}: byte ${i}`);
    });
    const { name: header } = scheme.signature;
    const value = push.headers[header] ?? '';
    for (const bad of [
      value.slice(0, -1),
      `${value}0`,
      `x${value}`,
      value.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    ]) {
      if (bad === value) continue;
      const code = codeOf(scheme, { ...push, headers: { ...push.headers, [header]: bad } }, [secret]);
      // With an x before it, t=… is no time any more.
      t.equal(code, name === 's8' && bad.startsWith('x') ? 'signature_missing' : refused, `${name}: ${bad}`);
    }
  }
});

t.test('what is missing or malformed is said to be missing', async (t) => {
  for (const { name, scheme, secret, push } of VECTORS) {
    const bare =
      scheme.signature.in === 'body' ? { ...push, body: Buffer.from('{}') } : { ...push, headers: {}, query: '' };
    t.equal(codeOf(scheme, bare, [secret]), 'signature_missing', name);
  }
  const s7 = VECTORS.find(({ name }) => name === 's7')?.push ?? push({});
  for (const time of ['', 'now', '1e3', '-1', ' ', '1700000000000.5', '9'.repeat(400)]) {
    const late = { ...s7, headers: { ...s7.headers, 'x-webflow-timestamp': time } };
    t.equal(codeOf(scheme('s7'), late, ['demo_secret']), 'signature_missing', time.slice(0, 20));
  }
  for (const template of [
    '{nonce}{body}',
    '{what}',
    '{}',
    '{query:no}',
    '{header:no}',
    '{body:no.no}',
    '{body:n.x}',
    '{sorted:nonce,id}',
  ]) {
    const signed = push({ 'x-open-signature': 'aa' });
    t.equal(codeOf({ ...scheme('s3'), template }, signed, ['demo_secret']), 'signature_missing', template);
  }
});

t.test('the window is inclusive to both sides', async (t) => {
  const s7 = VECTORS.find(({ name }) => name === 's7')?.push ?? push({});
  for (const [ms, code] of [
    [300_000, 'authentic'],
    [-300_000, 'authentic'],
    [300_001, 'signature_expired'],
    [-300_001, 'signature_expired'],
  ] as const) {
    t.equal(codeOf(scheme('s7'), { ...s7, receivedAt: AT + ms }, ['demo_secret']), code, `${ms} ms`);
  }
});

t.test('any of several signatures may match, in either case of hex', async (t) => {
  const webhook = new Webhook(WHSEC);
  const value = webhook.sign('msg_demo', new Date(AT), BODY);
  const headers = { 'webhook-id': 'msg_demo', 'webhook-timestamp': String(AT / 1000) };
  for (const written of [`v1a,abcd ${value}`, `v1,AAAA ${value} v1,BBBB`]) {
    t.equal(codeOf(scheme('s9'), push({ ...headers, 'webhook-signature': written }), [WHSEC]), 'authentic');
  }
  t.equal(
    codeOf(scheme('s9'), push({ ...headers, 'webhook-signature': value.slice(3) }), [WHSEC]),
    'signature_invalid',
  );
  const upper = mac('sha256', 'hex', 'demo_secret', [BODY]).toUpperCase();
  t.equal(codeOf(scheme('s3'), push({ 'x-open-signature': upper }), ['demo_secret']), 'authentic');
});

t.test('the published library and we sign alike', async () => {
  await fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ minLength: 24, maxLength: 64 }),
      fc.stringMatching(/^[a-z_0-9]{1,20}$/),
      (body, key, id) => {
        const secret = `whsec_${Buffer.from(key).toString('base64')}`;
        const signature = new Webhook(secret).sign(id, new Date(AT), body);
        const headers = { 'webhook-id': id, 'webhook-timestamp': String(AT / 1000), 'webhook-signature': signature };
        return codeOf(scheme('s9'), push(headers, '', body), [secret]) === 'authentic';
      },
    ),
    { numRuns: 100 },
  );
});

t.test('a change anywhere is refused', async () => {
  await fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 200 }),
      fc.nat(),
      fc.string({ minLength: 1 }),
      (body, at, secret) => {
        fc.pre(secret.trim() !== '');
        const value = mac('sha256', 'hex', secret, [body]);
        const signed = { ...push({ 'x-open-signature': value }), body };
        const changed = { ...signed, body: flipped(body, at % body.length) };
        return (
          codeOf(scheme('s3'), signed, [secret]) === 'authentic' &&
          codeOf(scheme('s3'), changed, [secret]) === 'signature_invalid'
        );
      },
    ),
    { numRuns: 200 },
  );
});

t.test('nothing throws, and nothing random passes', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 60 });
  await fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(NAMED_SCHEMES)),
      fc.record({
        template: fc.oneof(text, fc.constantFrom('{sorted:}', '{body:__proto__}', '{header:constructor}{body}')),
      }),
      fc.uint8Array(),
      text,
      fc.dictionary(fc.constantFrom('x-open-signature', 'signature', 'timestamp', 'tiktok-signature'), text),
      (scheme, { template }, body, query, headers) => {
        const all = { ...push(headers, query), body };
        return (
          codeOf(scheme, all, ['demo_secret']) !== 'authentic' &&
          codeOf({ ...scheme, template }, all, ['demo_secret']) !== 'authentic'
        );
      },
    ),
    { numRuns: 300 },
  );
});

t.test('schemes of landing-page vendors are data too', async (t) => {
  const lark = {
    ...scheme('s1'),
    algorithm: 'sha256',
    template: '{timestamp}{nonce}{secret}{body}',
    signature: { in: 'header', name: 'x-lark-signature' },
    timestamp: { in: 'header', name: 'x-lark-request-timestamp', unit: 's', toleranceSeconds: 3_600 },
    nonce: { in: 'header', name: 'x-lark-request-nonce' },
  } as const;
  const value = createHash('sha256').update(`1700000000n1demo_secret${BODY}`).digest('hex');
  const headers = { 'x-lark-signature': value, 'x-lark-request-timestamp': '1700000000', 'x-lark-request-nonce': 'n1' };
  t.equal(codeOf(lark, push(headers), ['demo_secret']), 'authentic');
  t.equal(codeOf(lark, push({ ...headers, 'x-lark-request-nonce': 'n2' }), ['demo_secret']), 'signature_invalid');
});

t.test('a life-service address with more parameters is signed by key, without sign', async (t) => {
  const query = 'timestamp=1700000000000&z=%E5%BC%A0+x&client_key=ck1&sign=old&a=';
  const text = `demo_secret&client_key=ck1&timestamp=1700000000000&a=&z=张 x&http_body=${BODY}`;
  const headers = { 'x-life-sign': createHash('sha256').update(text).digest('hex') };
  t.equal(codeOf(scheme('s11'), push(headers, query), ['demo_secret']), 'authentic');
});

t.test('small things', async (t) => {
  t.ok(sameText('abc', 'abc'));
  t.notOk(sameText('abc', 'abcd'));
  t.equal(digest('md5', 'hex', ['a', Buffer.from('b')]), '187ef4436122d1cc2f40dc2b92f0eba0');
  t.equal(codeOf(sharedKey({ in: 'header', name: 'x-key' }), push({ 'x-key': 'k' }), ['k']), 'authentic');
  t.equal(codeOf(sharedKey({ in: 'query', name: 'key' }), push({}, 'key=k2'), ['k']), 'key_invalid');
  t.equal(hmacBody({ header: 'x', prefix: 'p', algorithm: 'sha512', encoding: 'base64' }).algorithm, 'sha512');
});

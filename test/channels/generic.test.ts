import { createHash, createHmac } from 'node:crypto';
import t from 'tap';
import type { Push, Setup } from '../../src/channels/channel.ts';
import { generic, genericChannel } from '../../src/channels/generic.ts';
import { LIMITS, leadsOf, walk } from './walk.ts';

const SECONDS = 1_776_000_000;

function push(body: unknown, headers: Readonly<Record<string, string>> = {}): Push {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const receivedAt = SECONDS * 1000;
  return { method: 'POST', path: '/in/generic', query: '', headers, body: Buffer.from(text), receivedAt };
}

function setup(settings: Setup['settings'], secrets: readonly string[] = ['demo_secret']): Setup {
  return { secrets, credentials: {}, settings };
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

function codeOf(push: Push, setup: Setup): string {
  const result = generic.authenticate(push, setup);
  return result.kind === 'authentic' ? 'authentic' : result.code;
}

t.test('is unsigned only where that is said', async (t) => {
  const bare = push({ phone: '13800138000' });
  t.equal(codeOf(bare, setup({ scheme: 'none' }, [])), 'authentic');
  t.equal(codeOf(bare, setup({}, [])), 'secret_missing', 'nothing said');
  t.equal(codeOf(bare, setup({})), 'signature_missing', 'nothing said, and a secret');
  for (const scheme of ['s3', 's9', { like: 's4' }]) t.equal(codeOf(bare, setup({ scheme }, [])), 'secret_missing');
  for (const scheme of ['None', '', 's99', null, 7, {}, { method: 'none' }, '__proto__', 'constructor']) {
    t.equal(
      codeOf(bare, setup({ scheme })),
      scheme === null ? 'signature_missing' : 'secret_missing',
      JSON.stringify(scheme),
    );
  }
});

t.test('a vendor that signs with MD5 over key, secret, hashed phone and time', async (t) => {
  const scheme = {
    method: 'hash',
    algorithm: 'md5',
    template: '{body:appKey}{secret}{body:phoneMd5}{body:timestamp}',
    signature: { in: 'body', name: 'sign' },
    timestamp: { in: 'body', name: 'timestamp', unit: 's', toleranceSeconds: 3600 },
  };
  const phoneMd5 = md5('13800138000');
  const body = { appKey: 'ak', phone: '13800138000', phoneMd5, timestamp: SECONDS };
  const sign = md5(`akdemo_secret${phoneMd5}${SECONDS}`);
  const source = setup({ scheme });
  t.equal(codeOf(push({ ...body, sign }), source), 'authentic');
  t.equal(codeOf(push({ ...body, sign: sign.toUpperCase() }), source), 'authentic', 'in either case');
  t.equal(codeOf(push({ ...body, phoneMd5: md5('13800138001'), sign }), source), 'signature_invalid');
  t.equal(codeOf(push(body), source), 'signature_missing');
  const form = `appKey=ak&phoneMd5=${phoneMd5}&timestamp=${SECONDS}&sign=${sign}`;
  t.equal(codeOf(push(form), source), 'authentic', 'as a form');
  t.equal(codeOf({ ...push({ ...body, sign }), receivedAt: (SECONDS + 3601) * 1000 }, source), 'signature_expired');
  const { split } = await walk(generic, push({ ...body, sign }), source);
  const [lead] = leadsOf(split);
  t.strictSame(
    lead?.content,
    { appKey: 'ak', phone: '13800138000', phoneMd5 },
    'neither time nor signature is content',
  );
  t.strictSame(lead?.record, { ...body, timestamp: SECONDS }, 'a lead may still want the time');
});

t.test('a vendor with apiKey, nonce, timestamp and sign inside the JSON', async (t) => {
  const scheme = {
    method: 'hmac',
    template: 'apiKey={body:auth.apiKey}&nonce={nonce}&timestamp={timestamp}',
    signature: { in: 'body', name: 'auth.sign' },
    nonce: { in: 'body', name: 'auth.nonce' },
    timestamp: { in: 'body', name: 'auth.timestamp', unit: 's', toleranceSeconds: 600 },
  };
  const text = `apiKey=k1&nonce=n1&timestamp=${SECONDS}`;
  const sign = createHmac('sha256', 'demo_secret').update(text).digest('hex');
  const body = { auth: { apiKey: 'k1', nonce: 'n1', timestamp: SECONDS, sign }, lead: { phone: '13800138002' } };
  const source = setup({ scheme, records: 'lead' });
  t.equal(codeOf(push(body), source), 'authentic');
  t.equal(codeOf(push({ ...body, auth: { ...body.auth, nonce: 'n2' } }), source), 'signature_invalid');
  const { drafts } = await walk(generic, push(body), source);
  t.equal(drafts[0]?.person?.phone, '13800138002');
});

t.test('a form with its leads as JSON in a field', async (t) => {
  const data = JSON.stringify([{ phone: '13800138003', external_id: 'a' }]);
  const scheme = {
    method: 'hash',
    algorithm: 'md5',
    template: 'app_key={body:app_key}&data={body:data}&nonce_str={nonce}&key={secret}',
    signature: { in: 'body', name: 'sign' },
    nonce: { in: 'body', name: 'nonce_str' },
  };
  const sign = md5(`app_key=k&data=${data}&nonce_str=n&key=demo_secret`).toUpperCase();
  const form = new URLSearchParams({ app_key: 'k', data, nonce_str: 'n', sign }).toString();
  const source = setup({ scheme, records: 'data' });
  t.equal(codeOf(push(form), source), 'authentic');
  const { split } = await walk(generic, push(form), source);
  t.strictSame(
    leadsOf(split).map(({ externalId, record }) => [externalId, record]),
    [['a', { phone: '13800138003', external_id: 'a' }]],
  );
});

t.test('Lark, and HMAC over time, nonce and body within an hour', async (t) => {
  const body = { id: 1, phone: '13800138004' };
  const lark = {
    method: 'hash',
    template: '{timestamp}{nonce}{secret}{body}',
    signature: { in: 'header', name: 'X-Lark-Signature' },
    timestamp: { in: 'header', name: 'X-Lark-Request-Timestamp', unit: 's', toleranceSeconds: 3600 },
    nonce: { in: 'header', name: 'X-Lark-Request-Nonce' },
  };
  const signed = `${SECONDS}n1demo_secret${JSON.stringify(body)}`;
  const headers = {
    'x-lark-request-timestamp': String(SECONDS),
    'x-lark-request-nonce': 'n1',
    'x-lark-signature': createHash('sha256').update(signed).digest('hex'),
  };
  t.equal(codeOf(push(body, headers), setup({ scheme: lark })), 'authentic');
  t.equal(codeOf(push({ ...body, id: 2 }, headers), setup({ scheme: lark })), 'signature_invalid');
  const keyed = { ...lark, method: 'hmac', template: '{timestamp}{nonce}{body}' };
  const mac = createHmac('sha256', 'demo_secret')
    .update(`${SECONDS}n1${JSON.stringify(body)}`)
    .digest('hex');
  t.equal(codeOf(push(body, { ...headers, 'x-lark-signature': mac }), setup({ scheme: keyed })), 'authentic');
});

t.test('a kind built on it begins with settings of its own', async (t) => {
  const kind = genericChannel('demo', 'Demo', {
    settings: { external_id: 'id', scheme: 's3' },
    fieldMap: { fields: { 'person.phone': { path: 'tel' } } },
  });
  t.equal(kind.settings.properties['external_id']?.['default'], 'id');
  t.equal(generic.settings.properties['external_id']?.['default'], 'external_id');
  const { split, drafts } = await walk(kind, push({ id: 5, tel: '13800138005' }), setup({}));
  t.equal(leadsOf(split)[0]?.externalId, '5');
  t.equal(drafts[0]?.person?.phone, '13800138005');
  const other = await walk(kind, push({ no: 6 }), setup({ external_id: 'no' }));
  t.equal(leadsOf(other.split)[0]?.externalId, '6', 'a source’s own go before');
});

t.test('settings of any shape throw nothing', async (t) => {
  const odd = [
    null,
    7,
    '',
    'x',
    [],
    {},
    [1],
    { name: 1 },
    { accepted: 1 },
    { accepted: { status: 'x', body: [] } },
    true,
  ];
  for (const value of odd) {
    const settings = Object.fromEntries(
      ['records', 'delivery_id', 'external_id', 'test', 'test_values', 'handshake', 'ack', 'scheme'].map((name) => [
        name,
        value,
      ]),
    );
    await walk(generic, push([{ phone: 1 }, { phone: 2 }]), setup(settings));
    t.ok(generic.acknowledge('accepted', setup(settings)).status < 300);
    generic.handshake(push('{}'), setup(settings));
  }
  t.ok(LIMITS.maxDepth > 0);
});

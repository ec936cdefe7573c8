import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { Webhook as Standard } from 'standardwebhooks';
import { Webhook as Svix } from 'svix';
import t from 'tap';
import type { EndpointSecret } from '../../src/domain/endpoint.ts';
import { newSecret, publicKeyOf } from '../../src/webhooks/secret.ts';
import { createSigner } from '../../src/webhooks/sign.ts';

const ID = '01970000-0000-7000-8000-000000000001';
const BODY = Buffer.from(JSON.stringify({ type: 'lead.created', data: { name: '张三', note: 'é €' } }));
const LIBRARIES = { standardwebhooks: Standard, svix: Svix } as const;

const { signatureHeaders } = createSigner();

function secretOf(scheme: 'v1' | 'v1a', expires_at: number | null = null): EndpointSecret {
  const secret = newSecret(scheme, randomBytes);
  return { id: secret.slice(-8), secret, expires_at };
}

for (const [name, Webhook] of Object.entries(LIBRARIES)) {
  t.test(`v1, as ${name} verifies it`, async (t) => {
    const at = Date.now(); // the libraries hold the timestamp against the clock of this machine
    const [newest, former, foreign] = [secretOf('v1'), secretOf('v1', at + 1000), secretOf('v1')];
    const verifies = (secret: EndpointSecret, headers: object, body = BODY): unknown =>
      new Webhook(secret.secret).verify(body, { ...headers });

    t.test('takes what was signed', async (t) => {
      t.same(verifies(newest, signatureHeaders([newest], ID, at, BODY)), JSON.parse(BODY.toString()));
    });

    t.test('takes either secret while both sign', async (t) => {
      const headers = signatureHeaders([newest, former], ID, at, BODY);
      for (const secret of [newest, former]) t.same(verifies(secret, headers), JSON.parse(BODY.toString()));
      t.throws(() => verifies(foreign, headers), /No matching signature/);
      const alone = signatureHeaders([newest], ID, at, BODY)['webhook-signature'];
      t.ok(headers['webhook-signature'].startsWith(`${alone} v1,`), 'the newest first');
    });

    t.test('refuses a former secret once it has expired', async (t) => {
      const later = signatureHeaders([newest, former], ID, at + 1001, BODY);
      t.same(verifies(newest, later), JSON.parse(BODY.toString()));
      t.throws(() => verifies(former, later), /No matching signature/);
      t.same(verifies(former, signatureHeaders([newest, former], ID, at + 1000, BODY)), JSON.parse(BODY.toString()));
    });

    t.test('refuses one changed byte, another id, another time', async (t) => {
      const headers = signatureHeaders([newest], ID, at, BODY);
      const changed = Buffer.from(BODY);
      changed[changed.length - 3] = 0x78;
      t.throws(() => verifies(newest, headers, changed), /No matching signature/);
      t.throws(() => verifies(newest, { ...headers, 'webhook-id': `${ID}0` }), /No matching signature/);
      const second = String(Number(headers['webhook-timestamp']) + 1);
      t.throws(() => verifies(newest, { ...headers, 'webhook-timestamp': second }), /No matching signature/);
    });

    t.test('refuses what was signed six minutes ago', async (t) => {
      t.throws(() => verifies(newest, signatureHeaders([newest], ID, at - 360_000, BODY)), /too old/);
    });

    t.test('reads past signatures of another scheme', async (t) => {
      const headers = signatureHeaders([secretOf('v1a'), newest], ID, at, BODY);
      t.match(headers['webhook-signature'], /^v1a,\S+ v1,\S+$/);
      t.same(verifies(newest, headers), JSON.parse(BODY.toString()));
    });
  });
}

t.test('v1a is verified with the published public key alone', async (t) => {
  const secret = secretOf('v1a');
  const at = Date.UTC(2026, 5, 1);
  const headers = signatureHeaders([secret], ID, at, BODY);
  const raw = Buffer.from((publicKeyOf(secret.secret) ?? '').replace('whpk_', ''), 'base64');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  const [scheme, signature = ''] = headers['webhook-signature'].split(',');
  const told = (id: string) => Buffer.concat([Buffer.from(`${id}.${headers['webhook-timestamp']}.`), BODY]);
  t.equal(scheme, 'v1a');
  t.ok(verify(null, told(ID), key, Buffer.from(signature, 'base64')));
  t.notOk(verify(null, told(`${ID}0`), key, Buffer.from(signature, 'base64')));
});

t.test('gives the signatures that are published', async (t) => {
  const body = Buffer.from('{"test": 2432232314}');
  const signed = (secret: string) =>
    signatureHeaders([{ id: '1', secret, expires_at: null }], 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_999, body);
  t.same(signed('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'), {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
  // By the key that Svix's documentation prints, as its server signs; the specification's example shows it too.
  t.equal(
    signed('whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==')[
      'webhook-signature'
    ],
    'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==',
  );
});

t.test('signs nothing when every secret has expired', async (t) => {
  const at = Date.UTC(2026, 5, 1);
  t.throws(() => signatureHeaders([secretOf('v1', at - 1)], ID, at, BODY), /expired/);
  t.throws(() => signatureHeaders([], ID, at, BODY), /expired/);
});

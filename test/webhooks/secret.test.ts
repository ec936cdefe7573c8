import { createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import t from 'tap';
import { checkSecret, newSecret, publicKeyOf, signingKeyOf } from '../../src/webhooks/secret.ts';

// The pair that the documentation of Svix's server prints, which is where v1a comes from.
const PAIR = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const PUBLIC = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';

t.test('newSecret', async (t) => {
  t.test('v1: whsec_ and base64 of 32 bytes by chance', async (t) => {
    t.equal(
      newSecret('v1', (bytes) => new Uint8Array(bytes).fill(7)),
      `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    );
    t.not(newSecret('v1', randomBytes), newSecret('v1', randomBytes));
  });

  t.test('v1a: whsk_ and base64 of the seed and the public key', async (t) => {
    const seed = Buffer.from(PAIR.slice(5), 'base64').subarray(0, 32);
    t.equal(
      newSecret('v1a', () => seed),
      PAIR,
    );
    t.not(newSecret('v1a', randomBytes), newSecret('v1a', randomBytes));
  });

  t.test('what is made is let through by the check of its own scheme only', async (t) => {
    for (const [scheme, other] of [
      ['v1', 'v1a'],
      ['v1a', 'v1'],
    ] as const) {
      const made = newSecret(scheme, randomBytes);
      t.equal(checkSecret(made, scheme), null);
      t.type(checkSecret(made, other), 'string');
    }
  });
});

t.test('publicKeyOf', async (t) => {
  t.equal(publicKeyOf(PAIR), PUBLIC);
  t.equal(publicKeyOf(newSecret('v1', randomBytes)), null, 'a shared secret has none');

  const secret = newSecret('v1a', randomBytes);
  const raw = Buffer.from((publicKeyOf(secret) ?? '').slice(5), 'base64');
  t.equal(raw.length, 32);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') },
    format: 'jwk',
  });
  const text = Buffer.from('told');
  t.ok(verify(null, text, key, sign(null, text, signingKeyOf(secret).key)), 'verifies what the secret signs');
});

t.test('checkSecret', async (t) => {
  const shared = (bytes: number) => `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`;
  const damaged = Buffer.from(PAIR.slice(5), 'base64');
  damaged[63] = 0;

  t.test('lets through', async (t) => {
    for (const bytes of [24, 25, 32, 64]) t.equal(checkSecret(shared(bytes), 'v1'), null, `${bytes} bytes`);
    t.equal(checkSecret(PAIR, 'v1a'), null);
  });

  t.test('refuses, with a sentence that holds nothing of the secret', async (t) => {
    const cases = {
      'too short': ['v1', shared(23)],
      'too long': ['v1', shared(65)],
      'no prefix': ['v1', shared(32).slice(6)],
      'no padding': ['v1', shared(32).replace('=', '')],
      'no base64': ['v1', `${shared(32)}!`],
      'base64 for URLs': ['v1', `whsec_${Buffer.alloc(32, 0xff).toString('base64').replaceAll('/', '_')}`],
      'a blank': ['v1', ` ${shared(32)}`],
      nothing: ['v1', ''],
      'a seed alone': ['v1a', `whsk_${Buffer.alloc(32, 1).toString('base64')}`],
      'another public key': ['v1a', `whsk_${damaged.toString('base64')}`],
      'a public key': ['v1a', PUBLIC],
    } as const;
    for (const [name, [scheme, text]] of Object.entries(cases)) {
      const sentence = checkSecret(text, scheme) ?? '';
      t.match(sentence, / v1a? secret /, name);
      t.ok(text.slice(6, 16) === '' || !sentence.includes(text.slice(6, 16)), name);
    }
  });
});

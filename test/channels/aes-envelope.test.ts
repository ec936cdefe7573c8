import * as fc from 'fast-check';
import t from 'tap';
import { decryptEnvelope } from '../../src/channels/aes-envelope.ts';
import { encryptEnvelope } from './signing.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const CORP = 'ww_demo_corp';
const RANDOM = '0123456789abcdef';
const ENCRYPT = 'Q3stYC6hdFzMh9T8HCvyDJatpvLhfy9s8l+X+yRGMWdOCkwET3uWmEjuaeB1CJs9O4+VIBKOpSWpdeM1NRx13Q==';

t.test('opens the vector', async (t) => {
  t.strictSame(decryptEnvelope(ENCRYPT, KEY, CORP), { kind: 'text', text: '<xml><A>1</A></xml>' });
});

t.test('opens every length, so every padding from 1 to 32', async (t) => {
  for (let length = 0; length < 40; length++) {
    const message = '张'.repeat(length);
    t.strictSame(decryptEnvelope(encryptEnvelope(message, KEY, CORP, RANDOM), KEY, CORP), {
      kind: 'text',
      text: message,
    });
  }
});

t.test('says why it does not open', async (t) => {
  const other = `z${KEY.slice(1)}`;
  for (const [encrypt, key, corp, why] of [
    [ENCRYPT, KEY, 'ww_other', /another receiver/],
    [ENCRYPT, KEY, '', /another receiver/],
    [encryptEnvelope('x', KEY, '', RANDOM), KEY, '', /another receiver/],
    [ENCRYPT, other, CORP, /EncodingAESKey/],
    [ENCRYPT, '', CORP, /43/],
    [ENCRYPT, `${KEY}=`, CORP, /43/],
    ['', KEY, CORP, /blocks/],
    ['AAAA', KEY, CORP, /blocks/],
    ['%%%', KEY, CORP, /blocks/],
    [ENCRYPT.slice(0, 64), KEY, CORP, /./],
  ] as const) {
    const opened = decryptEnvelope(encrypt, key, corp);
    t.equal(opened.kind, 'fault');
    if (opened.kind === 'fault') t.match(opened.detail, why);
  }
});

t.test('nothing throws, and no changed block opens to the same text', async () => {
  const bytes = Buffer.from(ENCRYPT, 'base64');
  await fc.assert(
    fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ bits;
      // The first block holds the random bytes: a change there is for the signature to find.
      if (at < 16) return true;
      const opened = decryptEnvelope(changed.toString('base64'), KEY, CORP);
      return opened.kind === 'fault' || opened.text !== '<xml><A>1</A></xml>';
    }),
  );
  await fc.assert(
    fc.property(fc.base64String(), fc.string(), fc.string(), (encrypt, key, corp) => {
      return (
        decryptEnvelope(encrypt, KEY, corp).kind === 'fault' && decryptEnvelope(ENCRYPT, key, CORP).kind === 'fault'
      );
    }),
  );
});

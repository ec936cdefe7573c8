import t from 'tap';
import { type PhoneRefusal, refusePhone } from '../../src/domain/phone-verdict.ts';

t.test('every refusal says what to do, each in its own words', async (t) => {
  const codes: readonly PhoneRefusal[] = [
    'phone_scientific_notation',
    'phone_masked',
    'phone_invalid',
    'phone_relay',
    'phone_not_personal',
  ];
  const hints = codes.map((code) => refusePhone(code).hint);
  t.equal(new Set(hints).size, codes.length);
  for (const hint of hints) t.match(hint, /send|format/);
});

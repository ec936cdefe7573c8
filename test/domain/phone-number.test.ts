import t from 'tap';
import { readNumber } from '../../src/domain/phone-number.ts';

const number = (e164: string, phoneKind: string) => ({ kind: 'number', e164, phoneKind });
const refused = (code: string) => ({ kind: 'refused', code });

t.test('by country code', async (t) => {
  t.same(readNumber('+852 9123-4567', 'CN'), number('+85291234567', 'mobile'));
  t.same(readNumber('(+852)91234567', 'CN'), number('+85291234567', 'mobile'));
  t.same(readNumber('0085291234567', 'CN'), number('+85291234567', 'mobile'));
  t.same(readNumber('+0085291234567', 'CN'), number('+85291234567', 'mobile'));
  t.same(readNumber('+886 2 2345 6789', 'CN'), number('+886223456789', 'landline'));
});

t.test('kinds of other plans', async (t) => {
  t.same(readNumber('+14155552671', 'CN'), number('+14155552671', 'other'), 'mobile or landline');
  t.same(readNumber('+445631234567', 'CN'), number('+445631234567', 'other'), 'internet telephony');
  t.same(readNumber('+447012345678', 'CN'), number('+447012345678', 'other'), 'a personal number');
  t.same(readNumber('+447640123456', 'CN'), number('+447640123456', 'other'), 'a pager');
  for (const text of ['+448001234567', '+449012345678', '+448431234567', '+445512345678', '+80012345678']) {
    t.same(readNumber(text, 'CN'), refused('phone_not_personal'), text);
  }
});

t.test('by region', async (t) => {
  t.same(readNumber('91234567', 'HK'), number('+85291234567', 'mobile'));
  t.same(readNumber('020 7946 0958', 'GB'), number('+442079460958', 'landline'));
  t.same(
    readNumber('011 86 149 1234 5678', 'US'),
    number('+8614912345678', 'mobile'),
    'a head the library does not know',
  );
  t.same(readNumber('91234567', 'CN'), refused('phone_invalid'), 'not tried in another country');
  t.same(readNumber('13800138000', 'HK'), refused('phone_invalid'));
  t.same(readNumber('623456780100086', 'DE'), refused('phone_invalid'), 'longer than E.164 allows');
  t.same(readNumber('91234567', 'XX'), refused('phone_invalid'));
});

t.test('no number has so few or so many digits', async (t) => {
  for (const text of ['', '+', '12', '+86', '1'.repeat(19), `+${'1'.repeat(400)}`]) {
    t.same(readNumber(text, 'CN'), refused('phone_invalid'), text.slice(0, 30));
  }
});

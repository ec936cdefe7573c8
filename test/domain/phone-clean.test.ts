import t from 'tap';
import { cleanPhoneText } from '../../src/domain/phone-clean.ts';

t.test('writes the same thing one way', async (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['＋８６１３８', '+86138'],
    ['138\u00a00013\u30008000', '138 0013 8000'],
    ['\u202a\u200b\ufeff138\u200d\u00ad\u2066\ufe0f', '138'],
    ['138\u0000\u0007', '138'],
    ['138\t139\r\n150', '138 139 \n150'],
    ['138\u2028139', '138\n139'],
    ['1–2—3−4－5ー6', '1-2-3-4-5-6'],
    ['138·0013・8000', '138.0013.8000'],
    ['138●●××＊8000', '138*****8000'],
    ['138\ufffd', '138?'],
    ['="138"', '138'],
    ["'138", '138'],
    ['“138”', '138'],
    ['٠٥٠۱۲', '05012'],
    ['  138  ', '138'],
    ['\ud800138', '\ud800138'],
  ];
  for (const [typed, clean] of rows) t.equal(cleanPhoneText(typed), clean);
});

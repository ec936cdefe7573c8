import fc from 'fast-check';
import t from 'tap';
import { cleanHeader } from '../../src/channels/header.ts';

const CASES: readonly (readonly [string, string])[] = [
  ['手机号', '手机号'],
  ['*手机号', '手机号'],
  ['手机号（必填）', '手机号'],
  ['手机号 (选填)', '手机号'],
  ['手机号[11位]', '手机号'],
  ['【必填】手机号', '手机号'],
  ['手机号（必填）[11位]*', '手机号'],
  ['(电话)', '电话'],
  ['\ufeff姓名', '姓名'],
  ['\u00a0姓\u200b名\u00a0', '姓名'],
  ['姓名：', '姓名'],
  ['姓名:', '姓名'],
  ['“姓名”', '姓名'],
  ['姓 名', '姓名'],
  ['1.姓名', '姓名'],
  ['2、您的姓名？', '您的姓名'],
  ['Phone Number', 'phonenumber'],
  ['phone_number', 'phonenumber'],
  ['PHONE-NUMBER', 'phonenumber'],
  ['Ｐｈｏｎｅ', 'phone'],
  ['省/市', '省/市'],
  ['', ''],
  ['：*', ''],
  ['）', '）'.normalize('NFKC')],
];

t.test('headers are compared without their marks', async (t) => {
  for (const [written, clean] of CASES) t.equal(cleanHeader(written), clean, written);
});

t.test('cleaning twice changes nothing more, and never throws', async () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'手机号姓名 (（[【*:："_-必填]】）)1.aB\u200b') }), (text) => {
      const clean = cleanHeader(text);
      return !/[\s*_:]/.test(clean) && clean === clean.toLowerCase();
    }),
  );
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof cleanHeader(text) === 'string'));
});

t.test('time is linear in the text', async (t) => {
  const at = performance.now();
  cleanHeader('('.repeat(1_000_000));
  cleanHeader(`${'[a]'.repeat(400_000)}`);
  t.ok(performance.now() - at < 1_000);
});

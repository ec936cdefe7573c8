import fc from 'fast-check';
import t from 'tap';
import { maskEmail, maskFields, maskHandle, maskText } from '../../src/http/masking.ts';

t.test('phones in free text', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['13800138000', '138****8000'],
    ['电话13800138000，晚上打', '电话138****8000，晚上打'],
    ['+86 138-0013-8000', '138****8000'],
    ['008613800138000', '138****8000'],
    ['013800138000', '138****8000'],
    ['１３８００１３８０００', '138****8000'],
    ['1 3 8 0 0 1 3 8 0 0 0', '138****8000'],
    ['13800138000 / 13900139000', '138****8000 / 139****9000'],
    ['010-62345678', '010-****5678'],
    ['+85251234567', '+852 **** 4567'],
    ['a@example.com', 'a***@example.com'],
    ['https://example.com/?t=13800138000&m=zs@example.com', 'https://example.com/?t=138****8000&m=z***@example.com'],
    ['7390000000000000001', '7390000000000000001'],
    ['1717200000000', '1717200000000'],
    ['2026-06-01T12:30:00+08:00', '2026-06-01T12:30:00+08:00'],
    ['12345678901', '12345678901'],
    ['预算 20 万, 3 台', '预算 20 万, 3 台'],
    ['', ''],
  ];
  for (const [text, masked] of cases) t.equal(maskText(text), masked, text);
});

t.test('no mainland mobile is left, however it is spaced and whatever stands around it', async () => {
  const around = fc.stringMatching(/^[^\d０-９]{0,8}$/);
  const separators = fc.array(fc.constantFrom('', '', '-', ' '), { minLength: 10, maxLength: 10 });
  const mobile = fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 0, max: 999_999_999 }));
  fc.assert(
    fc.property(around, mobile, separators, around, (before, [second, rest], gaps, after) => {
      const digits = `1${second}${String(rest).padStart(9, '0')}`;
      const typed = [...digits].map((digit, n) => `${n === 0 ? '' : gaps[n - 1]}${digit}`).join('');
      return !maskText(`${before}${typed}${after}`).replace(/[-\s]/g, '').includes(digits);
    }),
  );
});

t.test('e-mail addresses and ids', async (t) => {
  t.equal(maskEmail('zhangsan@example.com'), 'z***@example.com');
  t.equal(maskEmail('@x'), '***');
  t.equal(maskEmail('nobody'), '***');
  t.equal(maskHandle('zhangsan_88'), 'zh****88');
  t.equal(maskHandle('abcdef'), 'a****f');
  t.equal(maskHandle('abc'), '****');
});

t.test('field groups: ids stay, but for those of extra', async (t) => {
  const fields = {
    traffic: { campaign_id: '13800138000', keyword: '13800138000', levels: { a: '13800138000' } },
    advertiser: { id: '13800138000' },
    product: { price: 13800138000 },
    extra: { user_id: '13800138000', deep: [{ n: 13800138000, ok: true, nothing: null }] },
  };
  t.same(maskFields(fields), {
    traffic: { campaign_id: '13800138000', keyword: '138****8000', levels: { a: '138****8000' } },
    advertiser: { id: '13800138000' },
    product: { price: 13800138000 },
    extra: { user_id: '138****8000', deep: [{ n: '138****8000', ok: true, nothing: null }] },
  });
});

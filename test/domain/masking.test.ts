import fc from 'fast-check';
import t from 'tap';
import { maskEmail, maskFields, maskHandle, maskText } from '../../src/domain/masking.ts';

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

t.test('a phone with dots, brackets, spaced or Unicode dashes between its digits', async (t) => {
  for (const [text, masked] of [
    ['138.0013.8000', '138****8000'],
    ['138 - 0013 - 8000', '138****8000'],
    ['(138)0013-8000', '(138****8000'],
    ['（138）00138000', '（138****8000'],
    ['138–0013–8000', '138****8000'],
    ['138—0013—8000', '138****8000'],
    ['138_0013_8000', '138****8000'],
    ['138·0013·8000', '138****8000'],
    ['138/0013/8000', '138****8000'],
    ['１３８.００１３.８０００', '138****8000'],
    ['+86 (138) 0013 8000', '138****8000'],
    ['15.05.2026 138.0013.8000', '15.05.2026 138****8000'],
    ['(010) 6234-5678', '(010-****5678'],
    ['0571.8888.8888', '0571-****8888'],
    ['０１０–６２３４５６７８', '010-****5678'],
    ['+852 5123 4567', '+852 **** 4567'],
    ['+852.5123.4567', '+852 **** 4567'],
    ['＋８５２ ５１２３ ４５６７', '+852 **** 4567'],
  ] as const) {
    t.equal(maskText(text), masked, text);
  }
  for (const text of [
    '2026.06.13 - 2026.06.15 9:00',
    '2026.6.1-2026.7.15',
    '1999.06.01 123',
    '1999/06/01/123',
    '15/05/2026 180',
    '15.05.2026 - 18.05.2026',
    '192.168.100.10',
    '150000000.00 元',
    '1380013800.5',
    '+3 2026-06-01',
    '1,380,013,800.00',
  ]) {
    t.equal(maskText(text), text, `${text} is no phone`);
  }
  t.strictSame(maskFields({ extra: { ratio: 13.800138 } }), { extra: { ratio: 13.800138 } });
});

t.test('no separator that people write hides a mobile', async (t) => {
  const gap = fc.constantFrom('', '-', ' ', '–', '—', '－', ' - ', '_', '·', '（', ') ', '\u00a0');
  const mobile = fc.tuple(fc.integer({ min: 3, max: 9 }), fc.integer({ min: 0, max: 999_999_999 }));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(
        mobile,
        fc.array(gap, { minLength: 10, maxLength: 10 }),
        fc.boolean(),
        ([second, rest], gaps, wide) => {
          const digits = `1${second}${String(rest).padStart(9, '0')}`;
          const typed = [...digits].map((digit, n) => `${n === 0 ? '' : gaps[n - 1]}${digit}`).join('');
          const written = wide
            ? typed.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
            : typed;
          return !maskText(written).normalize('NFKC').replace(/\D/g, '').includes(digits);
        },
      ),
    ),
  );
});

t.test('a megabyte of what may begin an address or a phone takes milliseconds', async (t) => {
  const began = performance.now();
  for (const part of ['a.', 'a@', 'a', '1', '1 ', '13-', '0', '+', '+1 ', '13800138', '1.', '2026.06.']) {
    for (const text of [part.repeat(1_000_000 / part.length), `${part.repeat(1_000_000 / part.length)}@`])
      maskText(text);
  }
  // 24 MB take about 1 s here; the square of one of them took minutes.
  const took = performance.now() - began;
  t.ok(took < 10_000, `${Math.round(took)} ms`);
  t.notMatch(maskText(`${'x'.repeat(100)}@example.com`), /x{2}/, 'a long address is masked too');
  t.notMatch(maskText('a@b+zhangsan@example.com'), /zhangsan/, 'and one in the tail of another');
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

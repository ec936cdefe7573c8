import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json';
import t from 'tap';
import { parsePhone } from '../../src/domain/phone.ts';
import { parsePhoneFully } from '../../src/domain/phone-full.ts';

const REGIONS = ['CN', 'HK', 'US', 'GB', 'DE', 'TW'] as const;
const region = fc.constantFrom(...REGIONS);
const mobile = fc.stringMatching(/^1[3-9]\d{9}$/);

/** Text of the characters that matter to the rules, so that many samples come near a number. */
const scraps = [
  '13800138000',
  '138',
  '0013',
  '8000',
  '010',
  '62345678',
  '+86',
  '0086',
  '86',
  '+852',
  '91234567',
  '95013',
  '转',
  '分机',
];
scraps.push(
  'ext',
  'x',
  '#',
  ';ext=',
  '-',
  '.',
  ' ',
  '*',
  '?',
  '/',
  '、',
  ',',
  '\n',
  '(',
  ')',
  '+',
  'E+10',
  'e',
  '1.38',
  '.0',
  'O',
  'l',
);
scraps.push('零', '一', '微信', 'qq', 'tel', 'a', '\u200b', '１', '０', '400', '0571', '7', '101', '=', '"', '\ud800');
const scrawl = fc.array(fc.constantFrom(...scraps), { maxLength: 12 }).map((parts) => parts.join(''));
const anything = fc.oneof(
  scrawl,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.stringMatching(/^[+\d .()x*-]{0,30}$/),
);

const E164 = /^\+[1-9]\d{6,14}(?:;ext=\d{1,8})?$/;

t.test('on any text: no throw, only well-formed keys, each of them read again as itself', async () => {
  fc.assert(
    fc.property(anything, region, (typed, where) => {
      const verdict = parsePhone(typed, where);
      if (verdict.kind !== 'phone') return true;
      return [verdict.e164, ...verdict.others].every((key) => {
        const again = parsePhone(key, where);
        return E164.test(key) && again.kind === 'phone' && again.e164 === key && again.others.length === 0;
      });
    }),
    { numRuns: 2000 },
  );
});

t.test('a key is read as itself in every region, with kind and quality unchanged', async (t) => {
  const numbers = Object.entries(examples);
  t.ok(numbers.length > 200);
  for (const [country, national] of numbers) {
    const first = parsePhone(String(national), country);
    // The library's own example; the mainland's is dialled like all others.
    if (first.kind !== 'phone') {
      t.fail(`${country} ${national} is refused`);
      continue;
    }
    for (const where of ['CN', 'HK', 'US']) {
      const { e164, phoneKind, quality } = first;
      t.match(parsePhone(e164, where), { e164, phoneKind, quality, warnings: [] }, `${e164} in ${where}`);
    }
  }
});

t.test('however a mobile is decorated, it is the same key', async () => {
  const invisible = fc.constantFrom('', '', '', '\u200b', '\ufeff', '\u202a', '\u00ad', '\u2060');
  const gap = fc.constantFrom('', '-', ' ', '.', '\u00a0', '–', '－', '\u3000');
  const prefix = fc.constantFrom('', '+86', '+86 ', '＋86', '0086', '86', '86-', '(86)', '(+86)', '0', '+860', '+86-');
  const before = fc.constantFrom('', ' ', '\t', "'", '="', '"', 'p:', '电话：', '手机号', 'tel:', '\ufeff');
  const after = fc.constantFrom('', ' ', '.0', '"', '\u202c', '\r\n', '。', '（本人）');
  const wide = fc.boolean();
  fc.assert(
    fc.property(
      mobile,
      before,
      prefix,
      gap,
      invisible,
      after,
      wide,
      (digits, head, code, between, hidden, tail, isWide) => {
        const grouped = [digits.slice(0, 3), digits.slice(3, 7), digits.slice(7)].join(hidden + between);
        const text = isWide
          ? grouped.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0))
          : grouped;
        const verdict = parsePhone(`${head}${code}${text}${hidden}${tail}`, 'CN');
        return verdict.kind === 'phone' && verdict.e164 === `+86${digits}` && verdict.others.length === 0;
      },
    ),
    { numRuns: 1500 },
  );
});

t.test('a masked number gives no key', async () => {
  const number = fc.oneof(
    mobile,
    fc.constantFrom('010-62345678', '057188886666', '+14155552671', '+49301234567', '+85291234567'),
  );
  const mask = fc.constantFrom('*', 'x', 'X', '●', '＊', '×', '#', '?', '_', '•', '□');
  fc.assert(
    fc.property(number, fc.nat(), fc.integer({ min: 1, max: 8 }), mask, (digits, at, signs, sign) => {
      // One x or # may as well begin an extension.
      const length = /[x#]/i.test(sign) ? Math.max(2, signs) : signs;
      // The mask hides digits, not the sign before them.
      const first = digits.startsWith('+') ? 1 : 0;
      const from = first + (at % (digits.length - first - length + 1));
      const masked = digits.slice(0, from) + sign.repeat(length) + digits.slice(from + length);
      const { kind } = parsePhone(masked, 'CN');
      return kind === 'refused';
    }),
    { numRuns: 1500 },
  );
});

t.test('a number whose E-notation lost digits gives no key, one that kept them its own', async () => {
  fc.assert(
    fc.property(mobile, fc.integer({ min: 0, max: 6 }), fc.boolean(), (digits, decimals, isUpper) => {
      const lost = Number(digits).toExponential(decimals);
      const verdict = parsePhone(isUpper ? lost.toUpperCase() : lost, 'CN');
      return verdict.kind === 'refused' && verdict.code === 'phone_scientific_notation';
    }),
  );
  fc.assert(
    fc.property(mobile, (digits) => {
      const verdict = parsePhone(Number(digits).toExponential(10), 'CN');
      return verdict.kind === 'phone' && verdict.e164 === `+86${digits}`;
    }),
  );
});

t.test('a mobile with a digit lost or gained gives no key', async () => {
  fc.assert(
    fc.property(mobile, fc.nat(10), fc.nat(9), (digits, at, extra) => {
      const short = digits.slice(0, at) + digits.slice(at + 1);
      const long = `${digits.slice(0, at + 1)}${extra}${digits.slice(at + 1)}`;
      return [short, long].every((typed) => parsePhone(typed, 'CN').kind === 'refused');
    }),
    { numRuns: 2000 },
  );
});

t.test('the short cut answers as the full rules do', async (t) => {
  const part = fc.constantFrom(
    '+',
    '+86',
    '86',
    '0086',
    '0',
    ' ',
    '-',
    '138',
    '1',
    '0013',
    '8000',
    '13900139000',
    '00000000',
    '.',
  );
  const near = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  const digit = fc
    .tuple(fc.constantFrom('', '', '', ' ', '-'), fc.integer({ min: 0, max: 9 }))
    .map((two) => two.join(''));
  const tail = fc.array(digit, { minLength: 8, maxLength: 10 }).map((parts) => parts.join(''));
  const head = fc.constantFrom('', '+86', '86', '0086', '+86 ', '+', '0');
  const plain = fc.tuple(head, fc.constantFrom('12', '13', '14', '19'), tail).map((parts) => parts.join(''));
  const mostlyHome = fc.constantFrom('CN', 'CN', 'CN', 'CN', 'HK', 'US');
  let phones = 0;
  const declared = fc.constantFrom(undefined, 'mobile', 'landline', 'relay', 'other') as fc.Arbitrary<
    'mobile' | undefined
  >;
  fc.assert(
    fc.property(fc.oneof(near, plain, mobile), mostlyHome, declared, (typed, where, said) => {
      const fast = parsePhone(typed, where, said);
      if (fast.kind === 'phone') phones += 1;
      return JSON.stringify(fast) === JSON.stringify(parsePhoneFully(typed, where, said));
    }),
    { numRuns: 1500 },
  );
  t.ok(phones > 150, `${phones} of the samples were phones`);
});

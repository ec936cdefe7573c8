import fc from 'fast-check';
import { isSafeNumber, LosslessNumber, parse as parseLossless, stringify } from 'lossless-json';
import t from 'tap';
import { jsonErrorPosition } from '../../src/http/json-error.ts';
import { parseJson } from '../../src/http/parse-json.ts';
import type { Problem } from '../../src/http/problem.ts';

const LIMITS = { jsonMaxDepth: 8, jsonMaxKeys: 100 };

function parse(text: string | Buffer): unknown {
  return parseJson(Buffer.from(text as string), LIMITS);
}

function refusal(text: string | Buffer): Problem {
  try {
    parse(text);
  } catch (error) {
    return error as Problem;
  }
  throw new Error('it was parsed');
}

t.test('law: whatever JSON.stringify writes is read back as it was', async (t) => {
  const value = fc.jsonValue({ maxDepth: 5, noUnicodeString: false });
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(value, (written) => {
        const text = JSON.stringify(written);
        fc.pre(!text.includes('__proto__') && !text.includes('\\u'));
        const read = parseJson(Buffer.from(text), { jsonMaxDepth: 100, jsonMaxKeys: 100_000 });
        // A double of more than 15 digits comes back as the text of its digits.
        return JSON.stringify(read).replaceAll('"', '') === text.replaceAll('"', '');
      }),
    ),
  );
});

t.test('law: every whole number keeps its digits', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), (number) => {
        const { id } = parse(`{"id": ${number}}`) as { id: number | string };
        const isSafe = number <= BigInt(Number.MAX_SAFE_INTEGER) && number >= BigInt(Number.MIN_SAFE_INTEGER);
        return isSafe ? id === Number(number) : id === String(number);
      }),
    ),
  );
});

t.test('numbers: text where a double would lose digits, else numbers', async (t) => {
  for (const [written, read] of [
    ['7390000000000000001', '7390000000000000001'],
    ['9007199254740991', 9_007_199_254_740_991],
    ['9007199254740993', '9007199254740993'],
    ['0.12345678901234567', '0.12345678901234567'],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['1e22', '1e22'],
    ['123456789.123456789', '123456789.123456789'],
    ['1e-400', '1e-400'],
    ['-0.5', -0.5],
  ] as const) {
    t.strictSame(parse(`{"n": ${written}}`), { n: read }, written);
  }
  t.strictSame(parse('{"a": 7390000000000000001, "b": "x", "c": [1, true, null]}'), {
    a: '7390000000000000001',
    b: 'x',
    c: [1, true, null],
  });
});

const NUMBER = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.constant('0'), fc.stringMatching(/^[1-9]\d{0,25}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.\d{1,25}$/), fc.stringMatching(/^\.0{0,20}[1-9]0{0,20}$/)),
    fc.oneof(fc.constant(''), fc.constant(''), fc.stringMatching(/^[eE][+-]?\d{1,2}$/)),
  )
  .map((parts) => parts.join(''));

/** JSON text with numbers as they may be written. */
const JSON_TEXT = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      NUMBER.map((written) => new LosslessNumber(written)),
      fc.string(),
      fc.constantFrom(true, false, null, '12345678901234567890', '\\"1e5'),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  }))
  .value.map((value) => stringify(value) ?? 'null');

t.test('law: numbers are read as a parser that keeps every digit reads them', async (t) => {
  const keepDigits = (written: string) => (isSafeNumber(written) ? Number(written) : written);
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(JSON_TEXT, (text) => {
        fc.pre(!text.includes('\\u'));
        const read = parseJson(Buffer.from(text), { jsonMaxDepth: 100, jsonMaxKeys: 100_000 });
        t.strictSame(read, parseLossless(text, undefined, keepDigits), text);
        return true;
      }),
      { numRuns: 300 },
    ),
  );
});

t.test('law: what is no JSON is so from the same place as for another parser', async (t) => {
  const positionOf = (text: string): number | null => {
    try {
      parseLossless(text, undefined, { onDuplicateKey: ({ newValue }) => newValue });
      return null;
    } catch (error) {
      return Number(/at position (\d+)$/.exec((error as Error).message)?.[1]);
    }
  };
  const noise = fc.constantFrom(
    '',
    ',',
    ':',
    '}',
    ']',
    '{',
    '[',
    '"',
    '\\',
    '\\u12',
    '0',
    '-',
    '.',
    'e',
    ' ',
    'x',
    '\t',
    '\u0001',
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(JSON_TEXT, fc.nat(), fc.nat({ max: 3 }), noise, (text, at, cut, put) => {
        const place = at % (text.length + 1);
        const broken = text.slice(0, place) + put + text.slice(place + cut);
        t.equal(jsonErrorPosition(broken), positionOf(broken), JSON.stringify(broken));
        return true;
      }),
      { numRuns: 300 },
    ),
  );
});

t.test('a megabyte with one long number, good or broken, costs what a megabyte costs', async (t) => {
  const wide = { jsonMaxDepth: 8, jsonMaxKeys: 10_000 };
  const long = 'a'.repeat(1_000_000);
  const whole = Buffer.from(`{"n":12345678901234567890,"a":"${long}"}`);
  const digits = Buffer.from(`{"n":0.${'1'.repeat(1_000_000)}}`);
  const zeros = Buffer.from(`{"n":1.${'0'.repeat(999_999)}1}`);
  const broken = Buffer.from(`{"n":12345678901234567890,"a":"${long}",}`);
  parseJson(whole, wide);
  // The least of five, as the machine may be busy.
  const leastOf = (work: () => unknown): number =>
    Math.min(
      ...[1, 2, 3, 4, 5].map(() => {
        const began = performance.now();
        try {
          work();
        } catch {}
        return performance.now() - began;
      }),
    );
  const text = whole.toString();
  const slow = leastOf(() => [...text].reduce((built, character) => built + character, ''));
  for (const bytes of [whole, digits, zeros, broken]) {
    const least = leastOf(() => parseJson(bytes, wide));
    t.ok(least < slow, `${Math.round(least)} ms; character by character it takes ${Math.round(slow)}`);
  }
});

t.test('reads UTF-8 with or without a byte order mark, escapes and emoji', async (t) => {
  t.strictSame(parse('\uFEFF{"name": "张三"}'), { name: '张三' });
  t.strictSame(parse('{"name": "\\u5f20\\u4e09 \\ud83d\\ude00"}'), { name: '张三 😀' });
  t.strictSame(parse('"a"'), 'a');
  t.strictSame(parse('{"a": "x\\"y: {[,"}'), { a: 'x"y: {[,' });
});

t.test('refuses what cannot be trusted, and says where', async (t) => {
  for (const [text, code, where] of [
    ['', 'body_empty', undefined],
    [' \n ', 'body_empty', undefined],
    ['{"a": 1', 'body_truncated', 'It ends at character 7, inside a value.'],
    ['{"a": "x', 'body_truncated', 'It ends at character 8, inside a value.'],
    ['{"a": [1, {"b": ', 'body_truncated', 'It ends at character 16, inside a value.'],
    ['{"a": 1,}', 'body_not_json', 'At line 1, column 9.'],
    ['{\n  "a": nope\n}', 'body_not_json', 'At line 2, column 8.'],
    ["{'a': 1}", 'body_not_json', 'At line 1, column 2.'],
    ['{"a": 1} x', 'body_not_json', 'At line 1, column 10.'],
    ['{"a": 01}', 'body_not_json', 'At line 1, column 8.'],
    ['{"a": NaN}', 'body_not_json', 'At line 1, column 7.'],
    ['{"a": "\t"}', 'body_not_json', 'At line 1, column 8.'],
    ['{"a": {"__proto__": {"x": 1}}}', 'body_forbidden_key', 'At /a/__proto__.'],
    ['{"\\u005f_proto__": 1}', 'body_forbidden_key', 'At /__proto__.'],
    ['{"a": [{"constructor": {"prototype": 1}}]}', 'body_forbidden_key', 'At /a/0/constructor.'],
    ['{"a": {"b": 1, "b": 1}}', 'body_duplicate_key', 'At /a/b.'],
    ['{"a": [0, {"b": 1, "\\u0062": 2}]}', 'body_duplicate_key', 'At /a/1/b.'],
    ['{"a": [{"b": "x\\u0000"}]}', 'body_bad_text', 'At /a/0/b.'],
    ['{"a": "\\ud83d"}', 'body_bad_text', 'At /a.'],
    ['{"a": "\\ude00\\ud83d"}', 'body_bad_text', 'At /a.'],
    ['{"a\\u0000": 1}', 'body_bad_text', 'At /a\uFFFD.'],
    ['{"a/b~c": {"\\ud800": 1}}', 'body_bad_text', 'At /a~1b~0c/\uFFFD.'],
    ['{"a": 1e400}', 'body_number_out_of_range', 'At /a.'],
    [`${'['.repeat(9)}${']'.repeat(9)}`, 'body_too_deep', 'It may be nested 8 deep.'],
    [`[${'0,'.repeat(100)}0]`, 'body_too_many_keys', 'It may hold 100 keys and elements.'],
  ] as const) {
    const { code: found, details } = refusal(text);
    t.equal(found, code, JSON.stringify(text.slice(0, 40)));
    t.equal(details.detail, where, `${code} says where`);
  }
  t.equal(refusal(Buffer.from([0x7b, 0x22, 0xd5, 0xc5, 0x22, 0x3a, 0x31, 0x7d])).code, 'body_not_utf8', 'GBK');
  t.equal(refusal(Buffer.from([0x22, 0xc0, 0x80, 0x22])).code, 'body_not_utf8', 'overlong NUL');
  t.equal(refusal(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])).code, 'body_not_utf8', 'surrogate in UTF-8');
});

t.test('a constructor that is data is no pollution', async (t) => {
  t.strictSame(parse('{"constructor": "某建筑公司", "prototype": {"a": 1}}'), {
    constructor: '某建筑公司',
    prototype: { a: 1 },
  });
});

t.test('limits hold at their edge, and half a megabyte of brackets is refused at once', async (t) => {
  t.strictSame(parse(`${'['.repeat(8)}${']'.repeat(8)}`), [[[[[[[[]]]]]]]]);
  t.ok(parse(`[${'0,'.repeat(98)}0]`));
  t.equal(refusal('['.repeat(500_000)).code, 'body_too_deep');
  t.equal(refusal('{"a":'.repeat(100_000)).code, 'body_too_deep');
});

t.test('no refusal quotes the text', async (t) => {
  for (const text of [
    '{"phone": 13800138000 x}',
    '{"phone": "13800138000',
    '13800138000 13800138000',
    '{"13800138000" 1}',
  ]) {
    const { message, details } = refusal(text);
    t.notMatch(JSON.stringify([message, details]), /138001/, text);
  }
});

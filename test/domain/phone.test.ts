import t from 'tap';
import { type PhoneVerdict, parsePhone } from '../../src/domain/phone.ts';

const P = '+8613800138000';

/** A verdict in a few words: the key with kind and warnings, the refusal's code, or what else it is. */
function told(verdict: PhoneVerdict): string {
  switch (verdict.kind) {
    case 'empty':
      return 'empty';
    case 'refused':
      return verdict.code;
    case 'other_identity':
      return `wechat ${verdict.wechat}`;
    case 'phone':
      return [verdict.e164, verdict.phoneKind, ...verdict.others, ...verdict.warnings].join(' ');
  }
}

function check(test: Tap, rows: readonly (readonly [typed: string, told: string])[], region = 'CN'): void {
  for (const [typed, expected] of rows) test.equal(told(parsePhone(typed, region)), expected, JSON.stringify(typed));
}
type Tap = { equal(found: unknown, wanted: unknown, message: string): boolean };

t.test('scenario 1: many notations, one person', async (t) => {
  const typed = ['13800138000', '+86 138-0013-8000', '008613800138000', '86 13800138000'];
  typed.push('１３８００１３８０００', '138 0013 8000\u200b', '013800138000');
  for (const text of typed) t.equal(told(parsePhone(text, 'CN')), `${P} mobile`, text);
});

t.test('scenario 2: a spreadsheet that lost digits is refused, one that added a fraction is read', async (t) => {
  check(t, [
    ['1.38001E+10', 'phone_scientific_notation'],
    ['13800138000.0', `${P} mobile`],
  ]);
});

t.test('scenario 4: a relay number is never a key', async (t) => {
  check(t, [['95013123456', 'phone_relay']]);
  for (const typed of ['13800138000', '95013123456', '010-62345678', '138****8000', 'abc']) {
    t.equal(told(parsePhone(typed, 'CN', 'relay')), 'phone_relay', typed);
  }
  t.equal(told(parsePhone(' ', 'CN', 'relay')), 'empty');
  t.equal(told(parsePhone('微信：zhang_san1', 'CN', 'relay')), 'wechat zhang_san1');
});

t.test('scenario 5: a fixed line with its extension', async (t) => {
  check(t, [
    ['010-62345678 转 101', '+861062345678;ext=101 landline'],
    ['010-62345678 转 102', '+861062345678;ext=102 landline'],
    ['01062345678转101', '+861062345678;ext=101 landline'],
  ]);
});

t.test('scenario 7: impossible numbers', async (t) => {
  check(t, [
    ['11111111111', 'phone_invalid'],
    ['12345', 'phone_invalid'],
    ['abc', 'phone_invalid'],
  ]);
});

t.test('country code, trunk zero and separators', async (t) => {
  const typed = ['+86138 0013 8000', '0086138-0013-8000', '8613800138000', '(86)13800138000', '+8613800138000'];
  typed.push('+86013800138000', '(+86) 138 0013 8000', '+(86)13800138000', '86-013800138000', '+86 86 13800138000');
  typed.push(
    '+008613800138000',
    '138-0013-8000',
    '138.0013.8000',
    '138 0013 8000',
    '138–0013—8000',
    '1 3 8 0 0 1 3 8 0 0 0',
  );
  for (const text of typed) t.equal(told(parsePhone(text, 'CN')), `${P} mobile`, text);
});

t.test('what spreadsheets, exports and contact apps put around a number', async (t) => {
  const typed = [
    '="13800138000"',
    "'13800138000",
    '\t13800138000',
    '13800138000\r\n',
    '\ufeff13800138000',
    '"13800138000"',
  ];
  typed.push(
    '\u202a13800138000\u202c',
    '138\u00a00013\u00a08000',
    'p:+8613800138000',
    '13800138000.00',
    '13,800,138,000',
  );
  typed.push(
    '电话：13800138000',
    '手机号码：138 0013 8000',
    'Tel: 13800138000',
    'tel13800138000',
    '?13800138000',
    '13800138000。',
  );
  for (const text of typed) t.equal(told(parsePhone(text, 'CN')), `${P} mobile`, JSON.stringify(text));
  check(t, [
    ['手机号13800138000（微信同号）', `${P} mobile phone_remark`],
    ['13800138000 王先生', `${P} mobile phone_remark`],
    ['1.3800138E+10', `${P} mobile phone_scientific_read`],
    ['1380013800.0', 'phone_invalid'],
    ['138001380.00', 'phone_invalid'],
    ['1380013800.1', 'phone_invalid'],
  ]);
});

t.test('several numbers in one cell: the first valid one is the key', async (t) => {
  for (const between of ['/', '、', ';', '；', ',', '，', '\n', ' / ', ' ', '|', '-']) {
    const verdict = parsePhone(`13800138000${between}13900139000`, 'CN');
    t.equal(told(verdict), `${P} mobile +8613900139000`, JSON.stringify(between));
  }
  check(t, [
    ['138 0013 8000 139 0013 9000', `${P} mobile +8613900139000`],
    ['010-62345678/13800138000', `+861062345678 landline ${P}`],
    ['13800138000/+86 138 0013 8000', `${P} mobile`],
    ['11111111111/13800138000', `${P} mobile phone_part_refused`],
    ['139****9000、13800138000', `${P} mobile phone_part_refused`],
    ['139****9000 13800138000', `${P} mobile phone_part_refused`],
    ['400-800-1234；13800138000', `${P} mobile phone_part_refused`],
    ['1.38E+10,13800138000', `${P} mobile phone_remark`],
  ]);
});

t.test('masked values', async (t) => {
  const typed = [
    '138****8000',
    '138xxxx8000',
    '138XXXX8000',
    '138＊＊＊＊8000',
    '138●●●●8000',
    '138××××8000',
    '138####8000',
  ];
  typed.push(
    '138----8000',
    '138....8000',
    '138…8000',
    '138____8000',
    '138????8000',
    '1380013****',
    '****8000',
    '138 **** 8000',
  );
  typed.push(
    '***********',
    'xxxxxxx8000',
    '138x0138000',
    '138*138000',
    '+852 **** 5678',
    '010-****5678',
    '0571-8888666*',
  );
  for (const text of typed) t.equal(told(parsePhone(text, 'CN')), 'phone_masked', text);
});

t.test('a WeChat id or a QQ number where the phone belongs', async (t) => {
  check(t, [
    ['wx_demo123', 'wechat wx_demo123'],
    ['WX_Demo123', 'wechat wx_demo123'],
    ['微信：zhangsan', 'wechat zhangsan'],
    ['QQ 123456789', 'wechat 123456789'],
    ['138****8000 微信：zhang_san1', 'wechat zhang_san1'],
    ['123456789', 'phone_invalid'],
    ['zhangsan', 'phone_invalid'],
    ['微信 13800138000', `${P} mobile phone_remark`],
  ]);
});

t.test('look-alike letters and Chinese numerals are repaired and flagged', async (t) => {
  check(t, [
    ['l38OOl38OOO', `${P} mobile phone_lookalike_repaired`],
    ['一三八零零一三八零零零', `${P} mobile phone_chinese_numerals_read`],
    ['幺三八洞洞幺三八洞洞洞', `${P} mobile phone_chinese_numerals_read`],
    ['138零零138零零零', `${P} mobile phone_chinese_numerals_read`],
    ['l38OOl38OO', 'phone_invalid'],
    ['一三八零零一三八零零', 'phone_invalid'],
  ]);
});

t.test('placeholders', async (t) => {
  for (const text of ['', ' ', '-', '--', '——', '无', 'nan', 'NaN', 'null', 'N/A', '0', '/', '暂无', '\u200b']) {
    t.equal(told(parsePhone(text, 'CN')), 'empty', JSON.stringify(text));
  }
  check(t, [
    ['13800000000', '+8613800000000 mobile phone_placeholder_suspect'],
    ['12345678901', 'phone_invalid'],
    ['00000000000', 'phone_invalid'],
  ]);
});

t.test('too short or too long is never padded nor cut', async (t) => {
  const typed = [
    '1380013800',
    '138001380000',
    '138 0013 800',
    '138 0013 8000 0',
    '13800138000 1',
    '+86 138001380000',
    '+861380013800',
  ];
  typed.push('1062345678', '861062345678', '62345678', '010-6234567', '010-623456789', '1234567890123456789012');
  for (const text of typed) t.equal(told(parsePhone(text, 'CN')), 'phone_invalid', text);
});

t.test('foreign numbers keep their country', async (t) => {
  check(t, [
    ['+1 415 555 2671', '+14155552671 other'],
    ['+852 9123 4567', '+85291234567 mobile'],
    ['00852 91234567', '+85291234567 mobile'],
    ['+853 6612 3456', '+85366123456 mobile'],
    ['+886 912 345 678', '+886912345678 mobile'],
    ['+44 (0)20 7946 0958 ext. 12', '+442079460958;ext=12 landline'],
    ['+33 1.23.45.67.00', '+33123456700 landline'],
    ['+13800138000', 'phone_invalid'],
    ['+852 12345678', 'phone_invalid'],
    ['+852 66666666', 'phone_invalid'],
    ['+1 800 555 1234', 'phone_not_personal'],
    ['+999 123456789', 'phone_invalid'],
    ['14155552671', '+8614155552671 mobile'],
  ]);
  t.match(parsePhone('14155552671', 'CN'), { quality: 'unknown_head' });
});

t.test('another default region dials its own way', async (t) => {
  check(
    t,
    [
      ['0912345678', '+886912345678 mobile'],
      ['+8613800138000', `${P} mobile`],
      ['13800138000', 'phone_invalid'],
    ],
    'TW',
  );
  check(
    t,
    [
      ['9123 4567', '+85291234567 mobile'],
      ['91234567/61234567', '+85291234567 mobile +85261234567'],
    ],
    'HK',
  );
  check(
    t,
    [
      ['(415) 555-2671', '+14155552671 other'],
      ['011 86 149 1234 5678', '+8614912345678 mobile'],
    ],
    'US',
  );
  check(
    t,
    [
      ['13800138000', 'phone_invalid'],
      ['+8613800138000', `${P} mobile`],
    ],
    'nowhere',
  );
});

t.test('the source says the kind where the plan cannot', async (t) => {
  t.match(parsePhone('+14155552671', 'CN', 'mobile'), { phoneKind: 'mobile' });
  t.match(parsePhone('+14155552671', 'CN', 'landline'), { phoneKind: 'landline' });
  t.match(parsePhone('13800138000', 'CN', 'landline'), { phoneKind: 'mobile' });
  t.match(parsePhone('010-62345678', 'CN', 'mobile'), { phoneKind: 'landline' });
});

t.test('a refusal carries a hint', async (t) => {
  t.match(parsePhone('138****8000', 'CN'), { kind: 'refused', code: 'phone_masked', hint: /mask/ });
});

import t from 'tap';
import { LONGEST_PHONE_CELL, parsePhoneFully } from '../../src/domain/phone-full.ts';

t.test('a cell longer than the limit is refused unread, and blank is blank at any length', async (t) => {
  const number = '13800138000';
  t.match(parsePhoneFully(number.padEnd(LONGEST_PHONE_CELL), 'CN'), { kind: 'phone', e164: '+8613800138000' });
  t.match(parsePhoneFully(number.padEnd(LONGEST_PHONE_CELL + 1), 'CN'), { kind: 'refused', code: 'phone_invalid' });
  t.match(parsePhoneFully('1'.repeat(5_000_000), 'CN'), { kind: 'refused', code: 'phone_invalid' });
  t.match(parsePhoneFully(' '.repeat(5_000_000), 'CN'), { kind: 'empty' });
});

t.test('the refusal that says most is given', async (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['11111111111/138****8000', 'phone_masked'],
    ['138****8000/1.38E+10', 'phone_scientific_notation'],
    ['4008001234/17012345678-1234', 'phone_relay'],
    ['abc/4008001234', 'phone_not_personal'],
  ];
  for (const [typed, code] of rows) t.match(parsePhoneFully(typed, 'CN'), { kind: 'refused', code }, typed);
});

t.test('only eight zeros behind a head are suspect', async (t) => {
  t.match(parsePhoneFully('13800000000', 'CN'), {
    quality: 'repeated_digits',
    warnings: ['phone_placeholder_suspect'],
  });
  t.match(parsePhoneFully('13888888888', 'CN'), { quality: 'repeated_digits', warnings: [] });
  t.match(parsePhoneFully('13810000000', 'CN'), { quality: 'known', warnings: [] });
});

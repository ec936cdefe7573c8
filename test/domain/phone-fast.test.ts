import t from 'tap';
import { readPlainMobile } from '../../src/domain/phone-fast.ts';

t.test('plain mainland mobiles', async (t) => {
  const typed = ['13800138000', '+8613800138000', '8613800138000', '008613800138000', '138 0013 8000', '138-0013-8000'];
  typed.push('+86 138 0013 8000', '0086-138-0013-8000', '+8 6 1 3 8 0 0 1 3 8 0 0 0');
  for (const text of typed) t.equal(readPlainMobile(text, 'CN'), '13800138000', text);
  t.equal(readPlainMobile('+8613800138000', 'US'), '13800138000');
});

t.test('all else is left to the full rules', async (t) => {
  const typed = [
    '',
    '1380013800',
    '138001380000',
    '12800138000',
    '23800138000',
    '013800138000',
    '+13800138000',
    '1440012345678',
  ];
  typed.push(
    '138--0013-8000',
    ' 13800138000',
    '13800138000 ',
    '13800138000-',
    '+ 8613800138000',
    '138.0013.8000',
    '+008613800138000',
    '+8513800138000',
    '8513800138000',
    '008513800138000',
  );
  typed.push('１３８００１３８０００', '1380013800a', '+85291234567', '1'.repeat(26), '1 '.repeat(20));
  for (const text of typed) t.equal(readPlainMobile(text, 'CN'), undefined, text);
  for (const text of ['13800138000', '8613800138000', '008613800138000'])
    t.equal(readPlainMobile(text, 'HK'), undefined, text);
});

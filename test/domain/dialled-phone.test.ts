import fc from 'fast-check';
import t from 'tap';
import { dialledPhone } from '../../src/domain/dialled-phone.ts';
import { parsePhone } from '../../src/domain/phone.ts';

t.test('a phone is written as it is dialled in the region, another country’s with its code', async (t) => {
  const cases = [
    ['+8613800138000', 'CN', '13800138000'],
    ['+8613800000000', 'CN', '13800000000'],
    ['+861062345678', 'CN', '01062345678'],
    ['+861062345678;ext=101', 'CN', '01062345678 ext 101'],
    ['+85291234567', 'CN', '+85291234567'],
    ['+12133734253;ext=12', 'CN', '+12133734253 ext 12'],
    ['+85291234567', 'HK', '91234567'],
    ['+8613800138000', 'HK', '+8613800138000'],
    ['+12133734253', 'US', '2133734253'],
    ['+447400123456', 'GB', '07400123456'],
    ['+8613800138000', 'ZZ', '+8613800138000'],
    ['no phone at all', 'CN', 'no phone at all'],
  ] as const;
  for (const [e164, region, text] of cases) t.equal(dialledPhone(e164, region), text, `${e164} in ${region}`);
});

t.test('law: whatever is read from a cell is written so that it is read as the same number', async () => {
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 7, maxLength: 13 }).map((all) => all.join(''));
  const head = fc.constantFrom('1', '13', '159', '010', '0755', '+1', '+852', '+44', '+39', '+86', '');
  const tail = fc.constantFrom('', '', ' ext 12', '-8001');
  const region = fc.constantFrom('CN', 'US', 'HK', 'GB', 'IT', 'DE');
  fc.assert(
    fc.property(head, digits, tail, region, region, (before, middle, behind, readIn, writtenFor) => {
      const verdict = parsePhone(`${before}${middle}${behind}`, readIn);
      if (verdict.kind !== 'phone') return true;
      const again = parsePhone(dialledPhone(verdict.e164, writtenFor), writtenFor);
      return again.kind === 'phone' && again.e164 === verdict.e164;
    }),
    { numRuns: 3000 },
  );
});

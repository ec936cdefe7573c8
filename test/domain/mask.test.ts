import fc from 'fast-check';
import t from 'tap';
import { maskPhone } from '../../src/domain/mask.ts';
import { parsePhone } from '../../src/domain/phone.ts';

t.test('scenario 147: who may not read a number sees part of it', async (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['+8613800138000', '138****8000'],
    ['+861440012345678', '144******5678'],
    ['+861062345678', '010-****5678'],
    ['+861062345678;ext=101', '010-****5678-***'],
    ['+861062345678;ext=1', '010-****5678-***'],
    ['+8657188886666', '0571-****6666'],
    ['+869516234567', '0951-****567'],
    ['+85212345678', '+852 **** 5678'],
    ['+14155552671', '+1 ****** 2671'],
    ['+442079460958;ext=12', '+44 ****** 0958-***'],
    ['+79161234567', '+7 ****** 4567'],
    ['+29022222', '+290 *** 22'],
  ];
  for (const [e164, masked] of rows) t.equal(maskPhone(e164), masked, e164);
});

t.test('what is no E.164 number is hidden whole', async (t) => {
  for (const text of ['', '13800138000', '+86', '+8613800138000x', 'abc']) t.equal(maskPhone(text), '****', text);
});

t.test('a masked number shows at most half of its own digits and is never a key again', async () => {
  const e164 = fc.tuple(
    fc.constantFrom('86', '8610', '86571', '1', '44', '852', '7', '998'),
    fc.stringMatching(/^[1-9]\d{6,9}$/),
  );
  fc.assert(
    fc.property(e164, ([head, tail]) => {
      const masked = maskPhone(`+${head}${tail}`);
      const hidden = masked.replace(/[^*]/g, '').length;
      return (
        hidden >= 3 && hidden >= masked.replace(/\D/g, '').length - 7 && parsePhone(masked, 'CN').kind === 'refused'
      );
    }),
    { numRuns: 500 },
  );
});

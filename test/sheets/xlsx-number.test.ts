import fc from 'fast-check';
import t from 'tap';
import { plainNumber } from '../../src/sheets/xlsx-number.ts';

t.test('a number is written as a person writes it', async (t) => {
  const cases: readonly (readonly [string, string])[] = [
    ['13800138001', '13800138001'],
    ['1.3800138001E+10', '13800138001'],
    ['1.3800138001E10', '13800138001'],
    ['13800138001.0', '13800138001'],
    ['8.613800138001E+12', '8613800138001'],
    ['5.0', '5'],
    ['5.10', '5.1'],
    ['1E-3', '0.001'],
    ['-1.5e2', '-150'],
    ['0.00012E5', '12'],
    ['0E0', '0'],
    ['1.23456789012345E14', '123456789012345'],
    ['0.1', '0.1'],
  ];
  for (const [written, plain] of cases) t.equal(plainNumber(written), plain, written);
});

t.test('digits that are lost are not guessed', async (t) => {
  for (const written of ['7.30123456789012E+18', '7.3E+18', '1.234567890123456E15', '1.2345678901234567E2', '1E+300']) {
    t.equal(plainNumber(written), written);
  }
  t.equal(plainNumber('7301234567890123456'), '7301234567890123456', 'what is written out was never lost');
});

t.test('what is no number stays', async (t) => {
  for (const written of ['', 'abc', '1,5', '--1', '1e', '.5', '1e99999', 'Infinity']) {
    t.equal(plainNumber(written), written);
  }
});

t.test('the value never changes', async () => {
  const digits = fc.bigInt({ min: 0n, max: 10n ** 17n }).map(String);
  fc.assert(
    fc.property(digits, fc.nat(17), fc.integer({ min: -30, max: 30 }), (all, places, exponent) => {
      const written = `${all.slice(0, 1)}.${all.slice(1, places + 1) || '0'}E${exponent}`;
      return Number(plainNumber(written)) === Number(written);
    }),
    { numRuns: 2000 },
  );
});

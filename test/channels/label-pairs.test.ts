import fc from 'fast-check';
import t from 'tap';
import { readPairs } from '../../src/channels/label-pairs.ts';

const CASES: readonly (readonly [string, Readonly<Record<string, string>> | null])[] = [
  ['地区:浙江杭州;意向:周末看房;', { 地区: '浙江杭州', 意向: '周末看房' }],
  [' 地区 ： 浙江 ；\n预约时间:2026-04-12 10:30', { 地区: '浙江', 预约时间: '2026-04-12 10:30' }],
  ['备注:想买;尽快;看http://a.example/b', { 备注: '想买;尽快;看http://a.example/b' }],
  ['手机:1;手机:2;手机 2:3', { 手机: '1', '手机 2': '2', '手机 2 2': '3' }],
  ['地区:;备注:x', { 地区: '', 备注: 'x' }],
  ['没有标签;地区:浙江', null],
  ['https://a.example;x:y', null],
  [`${'长'.repeat(41)}:x`, null],
  [';;', null],
  ['', null],
];

t.test('labels and values', async (t) => {
  for (const [text, wanted] of CASES) t.strictSame(readPairs(text), wanted, text);
});

t.test('a label that would set a prototype is one like any other', async (t) => {
  t.strictSame(Object.entries(readPairs('__proto__:x') ?? {}), [['__proto__', 'x']]);
});

t.test('no letter is lost', async () => {
  const letters = (text: string) => text.replace(/[\s:：;；\d]/gu, '');
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'地区ab:：;； /\n'), maxLength: 60 }), (text) => {
      const pairs = readPairs(text);
      return pairs === null || letters(Object.entries(pairs).flat().join('')) === letters(text);
    }),
    { numRuns: 2_000 },
  );
});

import t from 'tap';
import { boundExtra } from '../../src/channels/bound-extra.ts';

t.test('what fits stays as it is', async (t) => {
  t.strictSame(boundExtra([['a', { b: [1, true, null, 'x'] }]]), {
    extra: { a: { b: [1, true, null, 'x'] } },
    truncated: false,
  });
});

t.test('a key that comes twice is numbered', async (t) => {
  t.strictSame(
    boundExtra([
      ['a', 1],
      ['a', 2],
      ['a', 3],
    ]).extra,
    { a: 1, 'a 2': 2, 'a 3': 3 },
  );
});

t.test('the longest texts are cut, the others not', async (t) => {
  const { extra, truncated } = boundExtra([
    ['long', '长'.repeat(20_000)],
    ['more', '长'.repeat(3_900)],
    ['plus', '长'.repeat(3_900)],
    ['short', '短'.repeat(900)],
  ]);
  t.ok(truncated);
  t.equal(String(extra['long']).length, 2_000);
  t.equal(extra['short'], '短'.repeat(900));
  t.ok(Buffer.byteLength(JSON.stringify(extra)) <= 32_768);
});

t.test('no text is cut within a character', async (t) => {
  t.equal(boundExtra([['a', `x${'😀'.repeat(2_000)}`]]).extra['a'], `x${'😀'.repeat(1_999)}`);
});

t.test('members beyond 200 are kept within one', async (t) => {
  const { extra, truncated } = boundExtra(Array.from({ length: 300 }, (_, i) => [`k${i}`, i] as const));
  t.equal(Object.keys(extra).length, 200);
  t.equal((extra['more'] as Record<string, unknown>)['k299'], 299);
  t.notOk(truncated);
});

t.test('where cutting is not enough the last members go', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`key${i}`, i]));
  const { extra, truncated } = boundExtra([
    ['first', 1],
    ['many', many],
  ]);
  t.strictSame([extra, truncated], [{ first: 1 }, true]);
});

t.test('what JSON or a database would not take', async (t) => {
  const { extra } = boundExtra([
    ['a\0', 'x\0\ud800'],
    ['n', Number.NaN],
    ['o', JSON.parse('{"__proto__":{"x":1}}')],
  ]);
  t.strictSame(extra, { a: 'x\ufffd', n: 'NaN', o: { proto: { x: 1 } } });
});

t.test(
  'thousands of one key, which a list of answers may hold, take no time that grows with their square',
  async (t) => {
    const began = performance.now();
    const { extra } = boundExtra(Array.from({ length: 20_000 }, (_, i) => ['same', i % 10] as const));
    t.match(extra, { same: 0, 'same 2': 1 });
    t.ok(performance.now() - began < 5_000, 'a minute, where each looks for its number from 2 on');
  },
);

t.test('a number that a key has itself is left to it', async (t) => {
  const { extra } = boundExtra([
    ['a 2', 'own'],
    ['a', 1],
    ['a', 2],
    ['a', 3],
  ]);
  t.strictSame(extra, { 'a 2': 'own', a: 1, 'a 3': 2, 'a 4': 3 });
});

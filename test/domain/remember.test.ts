import t from 'tap';
import { remember } from '../../src/domain/remember.ts';

t.test('a map keeps what it is given, and no more than it may', async (t) => {
  const kept = new Map<number, string>();
  for (let i = 0; i < 100; i += 1) {
    t.equal(remember(kept, 7, i, `v${i}`), `v${i}`);
    t.equal(kept.get(i), `v${i}`);
    t.ok(kept.size <= 7, `${kept.size}`);
  }
  const full = new Map([
    [1, 'a'],
    [2, 'b'],
  ]);
  remember(full, 2, 1, 'c');
  t.strictSame(
    [...full],
    [
      [1, 'c'],
      [2, 'b'],
    ],
    'a known key makes it no larger',
  );
});

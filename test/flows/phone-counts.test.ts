import t from 'tap';
import { createPhoneCounts } from '../../src/flows/phone-counts.ts';

const HOUR = 3_600_000;

t.test('so many in any 24 hours, each name for itself; what is beyond does not count', async (t) => {
  const { take } = createPhoneCounts();
  t.strictSame(
    [0, 1, 2, 3].map((hour) => take('a', 2, hour * HOUR)),
    ['within', 'within', 'beyond', 'beyond'],
  );
  t.equal(take('b', 2, 3 * HOUR), 'within');
  t.equal(take('a', 2, 24 * HOUR - 1), 'beyond');
  t.equal(take('a', 2, 24 * HOUR), 'within', 'the first is a day old');
  t.equal(take('a', 2, 24 * HOUR + 1), 'beyond');
  t.equal(take('a', 2, 25 * HOUR), 'within');
});

t.test('it keeps 20,000 names, and forgets the one not seen for longest', async (t) => {
  const { take } = createPhoneCounts();
  for (let i = 0; i < 20_000; i++) take(String(i), 1, 0);
  t.equal(take('0', 1, 1), 'beyond');
  take('new', 1, 1);
  t.equal(take('1', 1, 1), 'within');
  t.equal(take('0', 1, 1), 'beyond');
});

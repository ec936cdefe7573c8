import fc from 'fast-check';
import t from 'tap';
import { shareOf } from '../../src/domain/share.ts';

const cap = fc.integer({ min: 0, max: 256 });
const size = fc.integer({ min: 1, max: 40 });

function shares(most: number, endpointId: string, crew: number): readonly number[] {
  return Array.from({ length: crew }, (_, rank) => shareOf(most, endpointId, { rank, size: crew }));
}

t.test('the shares of a crew add up to the cap, each within one of the others', async () => {
  fc.assert(
    fc.property(cap, fc.uuid(), size, (most, endpointId, crew) => {
      const all = shares(most, endpointId, crew);
      const sum = all.reduce((total, share) => total + share, 0);
      return sum === most && Math.max(...all) - Math.min(...all) <= 1 && Math.min(...all) >= 0;
    }),
    { numRuns: 1000 },
  );
});

t.test('a process alone has all of it, and many share one by turns', async (t) => {
  const id = '0197a3c2-5d10-7abc-8def-000000000000';
  t.equal(shareOf(16, id, { rank: 0, size: 1 }), 16);
  t.strictSame(shares(16, id, 3), [6, 5, 5]);
  t.strictSame(shares(1, id, 3), [1, 0, 0]);
  const holders = [0, 1, 2].map((last) => shares(1, `${id.slice(0, -1)}${last}`, 3).indexOf(1));
  t.strictSame(holders.sort(), [0, 1, 2], 'of other endpoints, others have it');
});

t.test('over many endpoints of a cap of one no process is left without work', async (t) => {
  const counts = [0, 0, 0, 0];
  for (let index = 0; index < 400; index += 1) {
    const id = `0197a3c2-5d10-7abc-8def-${((index * 2_654_435_761) % 2 ** 32).toString(16).padStart(12, '0')}`;
    const holder = shares(1, id, counts.length).indexOf(1);
    counts[holder] = (counts[holder] ?? 0) + 1;
  }
  t.ok(Math.min(...counts) > 50, counts.join());
});

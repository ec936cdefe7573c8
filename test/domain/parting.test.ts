import t from 'tap';
import { type Parting, part } from '../../src/domain/parting.ts';

const moved = (owner: string, at: number): Parting => ({ owner, at, how: 'moved' });

t.test('of each owner the last one stays, of all of them the newest 20', async (t) => {
  t.strictSame(part([moved('A1', 1), moved('A2', 2)], moved('A1', 3)), [moved('A2', 2), moved('A1', 3)]);
  const many = Array.from({ length: 30 }, (_, n) => moved(`A${n}`, n)).reduce(part, [] as readonly Parting[]);
  t.equal(many.length, 20);
  t.strictSame(many[0], moved('A10', 10));
});

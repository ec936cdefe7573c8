import t from 'tap';
import { createSettler } from '../../src/flows/settler.ts';
import type { Settlement } from '../../src/store/delivery-settle.ts';

const settlement = (deliveryId: string) => ({ held: { deliveryId } }) as unknown as Settlement;
const ids = (batch: readonly Settlement[]) => batch.map(({ held }) => held.deliveryId);

t.test('what comes while one statement is under way goes together in the next', async (t) => {
  const batches: (readonly string[])[] = [];
  const begun: (() => void)[] = [];
  let release = () => {};
  const settler = createSettler({
    clock: () => 0,
    write: async (batch) => {
      batches.push(ids(batch));
      begun.shift()?.();
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return { mine: batch.length, opened: [] };
    },
    pause: async () => {
      t.fail('nothing failed');
    },
    report: () => {},
    failed: () => t.fail('nothing failed'),
  });
  const nextBatch = () => new Promise<void>((resolve) => begun.push(resolve));
  let wait = nextBatch();
  const first = settler.settle(settlement('a'));
  await wait;
  const others = ['b', 'c', 'd'].map((id) => settler.settle(settlement(id)));
  wait = nextBatch();
  release();
  await wait;
  release();
  await Promise.all([first, ...others, settler.idle()]);
  t.strictSame(batches, [['a'], ['b', 'c', 'd']]);
});

t.test('a statement that fails is tried again for a minute, and then given up', async (t) => {
  let [tries, now] = [0, 0];
  const pauses: number[] = [];
  const lost: number[] = [];
  const settler = createSettler({
    clock: () => now,
    write: async (batch) => {
      tries += 1;
      if (tries < 3 || ids(batch).includes('never')) throw new Error('away');
      return { mine: 1, opened: [] };
    },
    pause: async (tried) => {
      pauses.push(tried);
      now += 10_000;
    },
    report: () => {},
    failed: (_error, count) => void lost.push(count),
  });
  await settler.settle(settlement('a'));
  t.strictSame([tries, pauses, lost], [3, [1, 2], []]);
  await settler.settle(settlement('never'));
  t.strictSame([tries, lost], [10, [1]]);
  await settler.settle(settlement('b'));
  t.equal(tries, 11, 'it goes on afterwards');
});

t.test('a row that is locked costs the others nothing', async (t) => {
  let now = 0;
  const written: string[] = [];
  const lost: number[] = [];
  const settler = createSettler({
    clock: () => now,
    write: async (batch) => {
      if (ids(batch).includes('locked')) throw Object.assign(new Error('lock timeout'), { code: '55P03' });
      written.push(...ids(batch));
      return { mine: batch.length, opened: [] };
    },
    pause: async () => {
      now += 30_000;
    },
    report: () => {},
    failed: (_error, count) => void lost.push(count),
  });
  await Promise.all(['a', 'b', 'locked', 'c', 'd'].map((id) => settler.settle(settlement(id))));
  t.strictSame(written.sort(), ['a', 'b', 'c', 'd']);
  t.strictSame(lost, [1]);
});

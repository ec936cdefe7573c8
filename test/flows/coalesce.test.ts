import t from 'tap';
import { type Coalescer, coalesce } from '../../src/flows/coalesce.ts';

interface Batch {
  readonly items: readonly number[];
  readonly end: (error?: Error) => void;
}

/** A coalescer whose batches end when the test says so; `batch(n)` is the n-th, from 0, once it has begun. */
function gated(options: { lanes?: number; laneMin?: number; batchMax?: number; queueMax?: number } = {}) {
  const batches: Batch[] = [];
  const waiting = new Map<number, (batch: Batch) => void>();
  const coalescer: Coalescer<number, string> = coalesce({
    lanes: options.lanes ?? 1,
    batchMax: options.batchMax ?? 4,
    queueMax: options.queueMax ?? 6,
    laneMin: options.laneMin ?? 1,
    run: (_, items) =>
      new Promise((resolve, reject) => {
        const end = (error?: Error): void =>
          error === undefined ? resolve(items.map((item) => `r${item}`)) : reject(error);
        const batch = { items, end };
        waiting.get(batches.push(batch) - 1)?.(batch);
      }),
  });
  const batch = (n: number): Promise<Batch> =>
    new Promise((resolve) => {
      const begun = batches[n];
      if (begun === undefined) waiting.set(n, resolve);
      else resolve(begun);
    });
  return { coalescer, batches, batch };
}

t.test('a lone item goes at once, what comes meanwhile goes together', async (t) => {
  const { coalescer, batches, batch } = gated();
  const first = coalescer.submit([1]);
  t.strictSame(batches[0]?.items, [1], 'without waiting');
  const rest = [coalescer.submit([2]), coalescer.submit([3]), coalescer.submit([4])];
  t.equal(coalescer.waiting(), 3);
  batches[0]?.end();
  t.strictSame(await first, ['r1']);
  const second = await batch(1);
  t.strictSame(second.items, [2, 3, 4]);
  second.end();
  t.strictSame(await Promise.all(rest), [['r2'], ['r3'], ['r4']], 'to each its own');
});

t.test("a caller's items stay together and in order, larger than a batch piece by piece", async (t) => {
  const { coalescer, batch } = gated({ queueMax: 100 });
  const large = coalescer.submit([1, 2, 3, 4, 5, 6]);
  const small = coalescer.submit([7]);
  const sizes: number[] = [];
  for (const n of [0, 1, 2]) {
    const { items, end } = await batch(n);
    sizes.push(items.length);
    end();
  }
  t.strictSame(await large, ['r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
  t.strictSame(await small, ['r7']);
  t.strictSame(sizes, [4, 2, 1]);
});

t.test('beyond the queue, refused before any work', async (t) => {
  const { coalescer, batches, batch } = gated();
  const running = coalescer.submit([1]);
  const waiting = coalescer.submit([2, 3, 4, 5, 6, 7]);
  await t.rejects(coalescer.submit([8]), { code: 'overloaded' });
  t.equal(batches.length, 1);
  for (const n of [0, 1, 2]) (await batch(n)).end();
  t.equal((await running).length, 1);
  t.equal((await waiting).length, 6, 'what was accepted is done');
});

t.test('a batch that fails fails its own callers only', async (t) => {
  const { coalescer, batch } = gated();
  const first = coalescer.submit([1]);
  const second = coalescer.submit([2]);
  (await batch(0)).end(new Error('gone'));
  await t.rejects(first, { message: 'gone' });
  (await batch(1)).end();
  t.strictSame(await second, ['r2']);
});

t.test('lanes work at once; idle waits for all', async (t) => {
  const { coalescer, batches, batch } = gated({ lanes: 2 });
  await coalescer.idle();
  const both = [coalescer.submit([1]), coalescer.submit([2])];
  t.equal(batches.length, 2);
  let idle = false;
  const waited = coalescer.idle().then(() => {
    idle = true;
  });
  (await batch(0)).end();
  await both[0];
  t.equal(idle, false, 'one is still under way');
  (await batch(1)).end();
  await Promise.all([...both, waited]);
  t.equal(idle, true);
});

t.test('a second lane opens only when enough waits, and closes when less does', async (t) => {
  const { coalescer, batches, batch } = gated({ lanes: 2, laneMin: 3, queueMax: 100 });
  const all = [coalescer.submit([1]), coalescer.submit([2]), coalescer.submit([3])];
  t.equal(batches.length, 1, 'two wait: one lane');
  all.push(coalescer.submit([4]));
  t.equal(batches.length, 2, 'three wait: another lane');
  t.strictSame(batches[1]?.items, [2, 3, 4]);
  all.push(coalescer.submit([5]));
  batches[1]?.end();
  await all[1];
  t.equal(batches.length, 2, 'one waits beside a lane under way: it waits for that one');
  batches[0]?.end();
  const last = await batch(2);
  t.strictSame(last.items, [5], 'and is not forgotten');
  last.end();
  await Promise.all(all);
});

t.test('its lag is how long the next in line has waited', async (t) => {
  const { coalescer, batches, batch } = gated();
  t.equal(coalescer.lagMs(), 0);
  const before = performance.now();
  const first = coalescer.submit([1]);
  t.equal(coalescer.lagMs(), 0, 'what is under way waits no more');
  const second = coalescer.submit([2]);
  while (coalescer.lagMs() < 3) await new Promise((resolve) => setImmediate(resolve));
  const third = coalescer.submit([3]);
  t.ok(coalescer.lagMs() >= 3 && coalescer.lagMs() <= performance.now() - before, 'of the oldest');
  batches[0]?.end();
  await first;
  (await batch(1)).end();
  await Promise.all([second, third]);
  t.equal(coalescer.lagMs(), 0);
});

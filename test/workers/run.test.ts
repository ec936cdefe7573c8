import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import t from 'tap';
import { runWorkers } from '../../src/workers/run.ts';

const silent = pino({ level: 'silent' });
const none = () => 0;

// Workers do not keep a process going by themselves; here nothing else does.
const alive = setInterval(() => undefined, 60_000);
t.teardown(() => clearInterval(alive));

t.test('a worker goes round after round and never overlaps itself', async (t) => {
  let [under, most, rounds] = [0, 0, 0];
  const done = new Promise<void>((resolve) => {
    const round = async () => {
      under += 1;
      most = Math.max(most, under);
      await new Promise(setImmediate);
      under -= 1;
      rounds += 1;
      if (rounds === 20) resolve();
      return 0;
    };
    const running = runWorkers([{ name: 'busy', everyMs: 1, round }], silent, none, none);
    t.teardown(running.stop);
  });
  await done;
  t.equal(most, 1);
});

t.test('many workers are no leak', async (t) => {
  const warnings: string[] = [];
  const hear = ({ name }: Error): unknown => warnings.push(name);
  process.on('warning', hear);
  t.teardown(() => process.off('warning', hear));
  const many = Array.from({ length: 30 }, (_, n) => ({ name: `w${n}`, everyMs: 60_000, round: async () => 0 }));
  const running = runWorkers(many, silent, none, none);
  await new Promise(setImmediate); // a warning is told on the next tick
  await running.stop();
  t.strictSame(warnings, []);
});

t.test('stopping waits for the round under way and starts none after it', async (t) => {
  let rounds = 0;
  let finish: () => void = () => undefined;
  const started = new Promise<void>((begun) => {
    const round = async () => {
      rounds += 1;
      begun();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return 1;
    };
    t.context = runWorkers([{ name: 'slow', everyMs: 1, round }], silent, none, none);
  });
  await started;
  const order: string[] = [];
  const stopped = (t.context as { stop: () => Promise<void> }).stop().then(() => order.push('stopped'));
  await new Promise(setImmediate);
  order.push('finished');
  finish();
  await stopped;
  t.strictSame(order, ['finished', 'stopped']);
  t.equal(rounds, 1);
});

t.test('stopping does not wait for a pause', async (t) => {
  const running = runWorkers(
    [{ name: 'rare', everyMs: 86_400_000, round: async () => (t.fail('it was not its time') ? 0 : 0) }],
    silent,
    none,
    none,
  );
  await running.stop();
  t.pass('stopped');
});

t.test('a round that fails is logged, and the next one comes', async (t) => {
  const stream = new PassThrough();
  let rounds = 0;
  const round = async () => {
    rounds += 1;
    if (rounds === 1) throw new Error('no database');
    return 3;
  };
  const lines = once(stream, 'data');
  const running = runWorkers([{ name: 'shaky', everyMs: 1, round }], pino(stream), none, none);
  t.teardown(running.stop);
  t.match(JSON.parse(String((await lines)[0])), {
    level: 50,
    msg: 'worker.failed',
    worker: 'shaky',
    fault: { message: 'no database' },
  });
  t.match(JSON.parse(String((await once(stream, 'data'))[0])), {
    level: 30,
    msg: 'worker.round',
    worker: 'shaky',
    done: 3,
  });
});

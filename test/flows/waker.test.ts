import t from 'tap';
import { createWaker } from '../../src/flows/waker.ts';

t.test('this process is woken at once, the others by one notice for many', async (t) => {
  let [local, notices] = [0, 0];
  let told = () => {};
  const waker = createWaker({
    local: () => {
      local += 1;
    },
    others: () => 1,
    notify: async () => {
      notices += 1;
      told();
    },
    failed: () => t.fail('nothing failed'),
  });
  const heard = new Promise<void>((resolve) => {
    told = resolve;
  });
  for (let count = 0; count < 100; count += 1) waker.wake();
  t.equal(local, 100);
  await heard;
  t.equal(notices, 1);
  await waker.close();
});

t.test('alone it tells nobody, and a notice that fails is told of', async (t) => {
  const alone = createWaker({
    local: () => {},
    others: () => 0,
    notify: async () => {
      t.fail('there is nobody');
    },
    failed: () => {},
  });
  alone.wake();
  await alone.close();
  const failure = new Error('away');
  const heard = await new Promise((resolve) => {
    const waker = createWaker({
      local: () => {},
      others: () => 2,
      notify: () => Promise.reject(failure),
      failed: resolve,
    });
    waker.wake();
  });
  t.equal(heard, failure);
});

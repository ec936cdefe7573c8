import t from 'tap';
import { createDb } from '../../src/store/database.ts';
import { listenForDeliveries, notifyDeliveries } from '../../src/store/wake-channel.ts';
import { testDatabase } from '../helpers/database.ts';

t.test('a notice is heard, also after the connection was lost', async (t) => {
  const { url, pool } = await testDatabase(t);
  const db = createDb(pool);
  let heard = 0;
  let waiting: (() => void)[] = [];
  const listening = listenForDeliveries(
    url,
    () => {
      heard += 1;
      for (const tell of waiting.splice(0)) tell();
    },
    10,
  );
  t.teardown(listening.end);
  const more = async (than: number) => {
    while (heard <= than) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  await more(0); // it listens now
  await notifyDeliveries(db);
  await more(1);
  const lost = heard;
  await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'clew-listen'`);
  await more(lost); // it listens again, and looks at what it may have missed
  const again = heard;
  await notifyDeliveries(db);
  await more(again);
  waiting = [];
  t.ok(heard > again);
});

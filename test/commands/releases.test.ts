import { pino } from 'pino';
import t from 'tap';
import { createReleases } from '../../src/commands/releases.ts';

t.test('the latest is released first, each once, and a failure stops nothing', async (t) => {
  const lines: string[] = [];
  const releases = createReleases(pino({}, { write: (line) => lines.push(line) }));
  const order: string[] = [];
  releases.add('database', async () => order.push('database'));
  releases.add('lanes', async () => {
    throw new Error('gone');
  });
  releases.add('http', async () => {
    await new Promise(setImmediate);
    order.push('http');
  });
  await releases.all();
  await releases.all();
  t.strictSame(order, ['http', 'database']);
  t.match(
    lines.map((line) => JSON.parse(line)),
    [{ level: 50, name: 'lanes', err: { message: 'gone' }, msg: 'service.release_failed' }],
  );
});

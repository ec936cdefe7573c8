import t, { type Test } from 'tap';
import { createSourceBook, type SourceBook } from '../../src/flows/source-book.ts';
import { createDb, createPool } from '../../src/store/database.ts';
import { startProxy } from '../helpers/proxy.ts';
import { type Service, startService } from '../helpers/service.ts';

const SECRET = 'a-secret-of-tests';

/** A service, a source of it, and the book of another process, whose sources are always old. */
async function stage(t: Test) {
  const service = await startService(t);
  const proxy = await startProxy(t, service.databaseUrl);
  const pool = createPool(proxy.url, 2);
  pool.on('error', () => {}); // a connection that the test has cut
  t.teardown(() => {
    proxy.mend();
    return pool.end();
  });
  const failures: unknown[] = [];
  const failed = (error: unknown) => void failures.push(error);
  const book = createSourceBook({ db: createDb(pool), vault: service.vault, clock: Date.now, seconds: 0, failed });
  const made = await service.call('POST', '/v1/sources', {
    body: { name: 'signed', kind: 'github-style', secret: SECRET },
  });
  const { id, address } = made.body as { readonly id: string; readonly address: string };
  return { service, proxy, book, failures, id, token: address.slice('/v1/hooks/'.length) };
}

t.test('what another process has changed holds for the very next push', async (t) => {
  const { service, book, id, token } = await stage(t);
  t.match(await book.byAddress(token), { source: { id, state: 'active' }, recording: false });
  await done(t, service, `/v1/sources/${id}/recordings`, { count: 3 });
  t.match(await book.byAddress(token), { recording: true }, 'the push of a test button is recorded');
  await done(t, service, `/v1/sources/${id}/pause`);
  t.match(await book.byAddress(token), { source: { state: 'paused' } });
  await done(t, service, `/v1/sources/${id}/rotate-address`, { overlap_seconds: 0 });
  t.equal(await book.byAddress(token), null, 'an address that leaked opens nothing once more');
});

for (const how of ['cut', 'freeze'] as const) {
  t.test(`while the database is away (${how}) what was known is gone by, and at once`, async (t) => {
    const { proxy, book, id, token, failures } = await stage(t);
    await known(book, token, id, t);
    proxy[how]();
    const began = performance.now();
    for (const _ of [1, 2, 3]) await known(book, token, id, t);
    t.ok(performance.now() - began < 2_500, `${Math.round(performance.now() - began)} ms for three`);
    if (how === 'cut') t.ok(failures.length > 0, 'and it is told');
    proxy.mend();
  });
}

async function known(book: SourceBook, token: string, id: string, t: Test): Promise<void> {
  t.match(await book.byAddress(token), { source: { id } });
}

async function done(t: Test, { call }: Service, path: string, body: object = {}): Promise<void> {
  const reply = await call('POST', path, { body });
  t.ok(reply.status < 300, reply.text);
}

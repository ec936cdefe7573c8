import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { newId } from '../../src/flows/new-id.ts';
import { openSpool, type Spool, type SpoolEntry } from '../../src/flows/spool.ts';
import { openSpoolFolder } from '../../src/flows/spool-folder.ts';
import { testVault } from '../helpers/vault.ts';

const AT = Date.UTC(2026, 5, 1, 4);
const VAULT = testVault();
let made = 0;

async function folderOf(t: Test): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'clew-spool-'));
  t.teardown(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function open(path: string, maxBytes = 1 << 20, failures: unknown[] = []): Promise<Spool> {
  return openSpool({
    folder: await openSpoolFolder(join(path, 'spool')),
    vault: VAULT,
    maxBytes,
    newId: (at) => newId(at, (bytes) => Buffer.alloc(bytes, ++made)),
    failed: (_what, error) => failures.push(error),
  });
}

const entry = (n: number, text = `{"phone":"1380013800${n}"}`): SpoolEntry => ({
  sourceId: 'source',
  push: {
    method: 'POST',
    path: '/v1/hooks/secret',
    query: 'a=1',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(text),
    receivedAt: AT + n,
  },
  requestId: `r${n}`,
  refusal: null,
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const take = async (spool: Spool, most = 100) => {
  const taken: SpoolEntry[] = [];
  const drained = await spool.drain(most, async (one) => void taken.push(one));
  taken.sort((a, b) => a.push.receivedAt - b.push.receivedAt); // side by side, in any order
  return { ...drained, taken };
};

t.test('what was kept comes out as it went in, oldest first, also in the next process', async (t) => {
  const path = await folderOf(t);
  const first = await open(path);
  for (const n of [3, 1, 2]) t.equal(await first.keep(entry(n)), 'kept');
  t.match(first.state(), { entries: 3, oldest: AT + 1 });
  const files = await readdir(join(path, 'spool'));
  for (const name of files) {
    t.notMatch(await readFile(join(path, 'spool', name), 'latin1'), '1380013800', 'it is encrypted');
    t.equal((await stat(join(path, 'spool', name))).mode & 0o777, 0o600);
  }
  t.equal((await stat(join(path, 'spool'))).mode & 0o777, 0o700);

  const next = await open(path);
  t.match(next.state(), { entries: 3, bytes: first.state().bytes, oldest: AT + 1 });
  const { taken, left } = await take(next, 2);
  t.strictSame(taken, [entry(1), entry(2)]);
  t.equal(left, 1);
  t.strictSame((await take(next)).taken, [entry(3)]);
  t.match(next.state(), { entries: 0, bytes: 0, oldest: null });
  t.strictSame(await readdir(join(path, 'spool')), []);
  t.strictSame((await take(first)).taken, [], 'another process has taken them');
});

t.test('what cannot be taken in now stays', async (t) => {
  const spool = await open(await folderOf(t));
  for (const n of [1, 2]) await spool.keep(entry(n));
  const drained = await spool.drain(10, async ({ push }) => {
    if (push.receivedAt === AT + 1) throw new Error('away');
  });
  t.match(drained, { taken: 1, left: 1, failure: { message: 'away' } });
  t.strictSame((await take(spool)).taken, [entry(1)]);
});

t.test('what is done after all is forgotten, and what fails stays', async (t) => {
  const path = await folderOf(t);
  const spool = await open(path);
  const done = deferred();
  t.equal(await spool.keep(entry(1), done.promise), 'kept');
  t.equal(await spool.keep(entry(2), Promise.reject(new Error('away'))), 'kept');
  t.match(spool.state(), { entries: 2 });
  done.resolve();
  while (spool.state().entries > 1) await new Promise((resolve) => setImmediate(resolve));
  t.equal((await readdir(join(path, 'spool'))).length, 1);
  t.strictSame((await take(spool)).taken, [entry(2)]);
});

t.test('what comes while one is written lies in one file, and each is forgotten by itself', async (t) => {
  const path = await folderOf(t);
  const spool = await open(path);
  const done = Array.from({ length: 4 }, deferred);
  const kept = await Promise.all(done.map(({ promise }, n) => spool.keep(entry(n), promise)));
  t.ok(kept.every((as) => as === 'kept'));
  const names = await readdir(join(path, 'spool'));
  t.strictSame(names.map((name) => name.slice(50)).sort(), ['-1.push', '-3.push']);
  done[2]?.resolve();
  while (spool.state().entries > 3) await new Promise((resolve) => setImmediate(resolve));
  const again = await open(path);
  t.match(
    again.state(),
    { entries: 4, bytes: spool.state().bytes, oldest: AT },
    'the next process replays what was done',
  );
  t.strictSame((await take(spool)).taken, [entry(0), entry(1), entry(3)]);
  t.match(spool.state(), { entries: 0, bytes: 0 });
  t.strictSame(await readdir(join(path, 'spool')), []);
});

t.test('of one file, what cannot be taken stays and what was taken does not come again', async (t) => {
  const spool = await open(await folderOf(t));
  await Promise.all([0, 1, 2, 3].map((n) => spool.keep(entry(n))));
  const drained = await spool.drain(10, async ({ push }) => {
    if (push.receivedAt === AT + 2) throw new Error('away');
  });
  t.match(drained, { taken: 3, left: 1, failure: { message: 'away' } });
  t.match(spool.state(), { entries: 1 });
  t.strictSame((await take(spool)).taken, [entry(2)]);
  t.match(spool.state(), { entries: 0, bytes: 0 });
});

t.test('a large push does not make a file grow without end, nor does a crowd', async (t) => {
  const path = await folderOf(t);
  const spool = await open(path, 1 << 24);
  const large = 'x'.repeat(600 << 10);
  const sizes = [1, 2, 3].map((n) => spool.keep(entry(n, large)));
  const crowd = Array.from({ length: 600 }, (_, n) => spool.keep(entry(n)));
  for (const as of await Promise.all([...sizes, ...crowd])) if (as !== 'kept') t.fail(as);
  const counts = (await readdir(join(path, 'spool'))).map((name) => Number(/-(\d+)\.push$/.exec(name)?.[1]));
  t.equal(
    counts.reduce((sum, count) => sum + count, 0),
    603,
  );
  t.ok(Math.max(...counts) <= 256, String(counts));
  const files = await Promise.all((await readdir(join(path, 'spool'))).map((name) => stat(join(path, 'spool', name))));
  t.ok(Math.max(...files.map(({ size }) => size)) < 2 << 20);
  t.equal((await take(spool, 1_000)).taken.length, 603);
});

t.test('a file of before files held several is one push', async (t) => {
  const path = await folderOf(t);
  const folder = await openSpoolFolder(join(path, 'spool'));
  const spool = await open(path);
  await spool.keep(entry(1));
  const [name = ''] = await readdir(join(path, 'spool'));
  await folder.rename(name, name.replace('-1.push', '.push'));
  const next = await open(path);
  t.match(next.state(), { entries: 1 });
  t.strictSame((await take(next)).taken, [entry(1)]);
});

t.test('it takes so many bytes and no more, however many are written at once', async (t) => {
  const spool = await open(await folderOf(t), 2_000);
  const kept = await Promise.all(Array.from({ length: 20 }, (_, n) => spool.keep(entry(n))));
  const count = kept.filter((one) => one === 'kept').length;
  t.ok(count > 0 && count < 20, `${count} of 20`);
  t.ok(spool.state().bytes <= 2_000);
  t.equal(spool.state().entries, count);
  await take(spool);
  t.equal(await spool.keep(entry(1)), 'kept', 'there is room again');
  t.equal(await (await open(await folderOf(t), 0)).keep(entry(1)), 'spool_full', 'switched off');
});

t.test('a folder that takes nothing is told, and leaves nothing counted', async (t) => {
  const path = await folderOf(t);
  const failures: unknown[] = [];
  const spool = await open(path, 1 << 20, failures);
  await rm(join(path, 'spool'), { recursive: true });
  await writeFile(join(path, 'spool'), 'a file in its place');
  t.equal(await spool.keep(entry(1)), 'spool_failed');
  t.match(failures, [{ code: 'ENOTDIR' }]);
  t.match(spool.state(), { entries: 0, bytes: 0 });
});

t.test('a file that cannot be opened is put aside, and the others are taken', async (t) => {
  const path = await folderOf(t);
  const failures: unknown[] = [];
  const spool = await open(path);
  await spool.keep(entry(1));
  await spool.keep(entry(2));
  const [first = ''] = (await readdir(join(path, 'spool'))).sort();
  await writeFile(join(path, 'spool', first), 'cut off by a full disk');
  await writeFile(join(path, 'spool', 'half.push.part'), 'of a process that was killed');
  const again = await open(path, 1 << 20, failures);
  t.match(again.state(), { entries: 2 });
  t.strictSame((await take(again)).taken, [entry(2)]);
  t.equal(failures.length, 1);
  t.match(again.state(), { entries: 0, bytes: 0 });
  t.ok((await readdir(join(path, 'spool'))).includes(`${first}.unreadable`), 'kept for somebody to look at');
});

t.test('a file that cannot be read this moment is no file that cannot be opened: it stays', async (t) => {
  const path = await folderOf(t);
  const folder = await openSpoolFolder(join(path, 'spool'));
  let failing = true;
  const spool = await openSpool({
    folder: {
      ...folder,
      read: (name) =>
        failing
          ? Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }))
          : folder.read(name),
    },
    vault: VAULT,
    maxBytes: 1 << 20,
    newId: (at) => newId(at, (bytes) => Buffer.alloc(bytes, ++made)),
    failed: () => undefined,
  });
  await spool.keep(entry(1));
  t.match(await take(spool), { taken: [], left: 1, failure: { code: 'EMFILE' } });
  failing = false;
  t.strictSame((await take(spool)).taken, [entry(1)]);
});

t.test('entries that nobody can take do not keep back those behind them', async (t) => {
  const spool = await open(await folderOf(t));
  for (const n of [1, 2, 3]) await spool.keep(entry(n));
  const taken: number[] = [];
  const drain = () =>
    spool.drain(2, async ({ push }) => {
      if (push.receivedAt < AT + 3) throw new Error('never');
      taken.push(push.receivedAt - AT);
    });
  t.match(await drain(), { taken: 0, left: 3, failure: { message: 'never' } });
  await drain();
  t.strictSame(taken, [3]);
  t.match(spool.state(), { entries: 2, oldest: AT + 1 });
});

t.test('a file that another process takes while the folder is listed is none', async (t) => {
  const path = await folderOf(t);
  const spool = await open(path);
  await spool.keep(entry(1));
  await symlink(join(path, 'gone'), join(path, 'spool', 'gone.push.part')); // named, and not there
  t.match((await open(path)).state(), { entries: 1 });
});

import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { copyBinaries } from '../../src/store/embedded-copy.ts';

t.test('a copy is readable by all and writable by its owner alone, whatever the original is', async (t) => {
  const { folder, native } = await prepare(t);
  const copy = await copyBinaries(native, join(folder, 'cache'), 'postgresql-1');
  t.equal(copy, join(folder, 'cache', 'postgresql-1', 'native'));
  const modes: Record<string, number> = {};
  for (const name of ['../..', '..', '.', 'bin', 'bin/postgres', 'share', 'share/words']) {
    modes[name] = (await stat(join(copy, name))).mode & 0o777;
  }
  t.strictSame(modes, {
    '../..': 0o755,
    '..': 0o755,
    '.': 0o755,
    bin: 0o755,
    'bin/postgres': 0o755,
    share: 0o755,
    'share/words': 0o644,
  });
  t.strictSame(await readdir(copy), ['bin', 'share'], 'archives for C programs stay behind');
});

t.test('it is made once, by many at a time too', async (t) => {
  const { folder, native } = await prepare(t);
  const base = join(folder, 'cache');
  await Promise.all([1, 2, 3, 4].map(() => copyBinaries(native, base, 'postgresql-1')));
  t.strictSame(await readdir(base), ['postgresql-1']);
  await writeFile(join(native, 'bin', 'postgres'), 'changed');
  const copy = await copyBinaries(native, base, 'postgresql-1');
  t.equal(await readFile(join(copy, 'bin', 'postgres'), 'utf8'), 'program');
});

t.test('a folder that others can write, or a link to one, is not trusted', async (t) => {
  const { folder, native } = await prepare(t);
  const open = join(folder, 'open');
  await mkdir(open);
  await chmod(open, 0o777);
  await t.rejects(copyBinaries(native, open, 'postgresql-1'), /only this user can write/);
  await mkdir(join(folder, 'good'));
  await symlink(join(folder, 'good'), join(folder, 'link'));
  await t.rejects(copyBinaries(native, join(folder, 'link'), 'postgresql-1'), /only this user can write/);
  t.strictSame(await readdir(join(folder, 'good')), []);
});

async function prepare(t: Test): Promise<{ readonly folder: string; readonly native: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'clew-copy-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const native = join(folder, 'native');
  for (const name of ['bin', 'share', 'pkgconfig']) await mkdir(join(native, name), { recursive: true, mode: 0o700 });
  await writeFile(join(native, 'bin', 'postgres'), 'program', { mode: 0o700 });
  await writeFile(join(native, 'share', 'words'), 'words', { mode: 0o600 });
  await writeFile(join(native, 'libpq.a'), 'archive');
  return { folder, native };
}

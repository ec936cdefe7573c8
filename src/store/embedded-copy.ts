import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/**
 * Copies the binaries to `<base>/<name>/native`, readable by all and writable by us alone, and returns that folder;
 * made once and shown whole or not at all, whatever is killed on the way. Throws when the base belongs to another user.
 */
export async function copyBinaries(native: string, base: string, name: string): Promise<string> {
  // mkdir's mode is cut by the umask; others have to enter this one.
  if ((await mkdir(base, { recursive: true })) !== undefined) await chmod(base, 0o755);
  await assertOurs(base);
  const final = join(base, name);
  if (!(await exists(final))) {
    const work = await mkdtemp(join(base, `${name}.new-`));
    try {
      await copyTree(native, join(work, 'native'));
      await chmod(work, 0o755);
      await rename(work, final);
    } catch (error) {
      await rm(work, { recursive: true, force: true });
      // Another process made it meanwhile: as good as ours.
      if (!(await exists(final))) throw error;
    }
  }
  return join(final, 'native');
}

/** Programs that root starts must not come from a folder that somebody else prepared in a shared place. */
async function assertOurs(base: string): Promise<void> {
  const found = await lstat(base);
  if (found.isDirectory() && found.uid === userInfo().uid && (found.mode & 0o022) === 0) return;
  throw new Error(`${base} is not a folder that only this user can write`);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

// Links are made anew from the package's list; archives are for linking C programs, 2 MB that nothing here reads.
const SKIPPED = /\.a$|^pkgconfig$/;

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (SKIPPED.test(entry.name)) continue;
    if (entry.isDirectory()) await copyTree(source, target);
    if (entry.isFile()) {
      await copyFile(source, target);
      const { mode } = await stat(source);
      await chmod(target, mode & 0o100 ? 0o755 : 0o644);
    }
  }
  await chmod(to, 0o755);
}

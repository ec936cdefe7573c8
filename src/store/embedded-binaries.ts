import { readFile, symlink } from 'node:fs/promises';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Account } from './embedded-account.ts';
import { copyBinaries } from './embedded-copy.ts';
import { EmbeddedError, OTHER_POSTGRES } from './embedded-error.ts';
import { locatePackage } from './embedded-package.ts';
import { run } from './embedded-run.ts';

/** The programs of one PostgreSQL, and its major version. */
export interface Binaries {
  readonly major: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * The PostgreSQL that npm installed for this platform, in a place where `account` can run it: as installed if it can,
 * else a copy made once (root: a system cache, others: their own data folder). Throws embedded_unavailable.
 */
export async function findBinaries(dataDir: string, account: Account | undefined): Promise<Binaries> {
  const installed = locatePackage(platform(), arch());
  const complete = await linkLibraries(installed.folder);
  const inPlace = complete ? await probe(installed.folder, account) : 'some of its libraries cannot be linked';
  if (typeof inPlace !== 'string') return inPlace;
  let why = inPlace;
  const bases =
    account === undefined ? [join(dataDir, 'postgres.bin')] : ['/var/cache/clew', join(tmpdir(), 'clew-cache')];
  for (const base of bases) {
    try {
      const copy = await copyBinaries(installed.folder, base, `postgresql-${installed.version}`);
      await linkLibraries(copy);
      const found = await probe(copy, account);
      if (typeof found !== 'string') return found;
      why = found;
    } catch (error) {
      why = `${why}; ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  throw new EmbeddedError(
    'embedded_unavailable',
    `The PostgreSQL that npm installed cannot be run here: ${why}. ${OTHER_POSTGRES}`,
  );
}

/** npm's archives hold no links, and the package's own install script, which makes them, may have been switched off. */
async function linkLibraries(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  let complete = true;
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const [from, to] = [source.replace(/^.*\//, ''), join(dirname(native), target)];
    await symlink(from, to).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') complete = false;
    });
  }
  return complete;
}

/** The binaries of a folder after a first try, or why they do not run. */
async function probe(native: string, account: Account | undefined): Promise<Binaries | string> {
  const postgres = join(native, 'bin', 'postgres');
  const { code, output } = await run(account, undefined, postgres, ['--version']);
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (code !== 0 || major === undefined) return output;
  return { major, postgres, initdb: join(native, 'bin', 'initdb'), pgCtl: join(native, 'bin', 'pg_ctl') };
}

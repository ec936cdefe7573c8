import { randomBytes } from 'node:crypto';
import { chmod, chown, lchown, mkdtemp, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedError } from './embedded-error.ts';
import { withFolder } from './embedded-folder.ts';
import { run } from './embedded-run.ts';

/** The superuser of the cluster, and so of every connection string to it. */
export const CLUSTER_USER = 'clew';

const PASSWORD_FILE = 'clew.password';
const WORK = 'postgres.new-';

/** The folder of the cluster below the service's data folder. */
export function clusterFolder(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** The password that was drawn when the cluster was made; it lies in the cluster, so that neither is ever without the other. */
export async function clusterPassword(cluster: string): Promise<string> {
  return (await readFile(join(cluster, PASSWORD_FILE), 'utf8')).trim();
}

/**
 * Makes the cluster unless it is there: in a folder beside it that is renamed when it is whole, so that a kill at any
 * moment leaves nothing that looks like one. Of two that do so at once, one wins and the other uses the winner's.
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  account: Account | undefined,
  durable: 'fsync' | 'no-sync',
): Promise<void> {
  const cluster = clusterFolder(dataDir);
  const version = await versionOf(cluster);
  if (version === undefined) return makeCluster(dataDir, binaries, account, durable);
  if (version !== binaries.major) {
    throw new EmbeddedError(
      'embedded_failed',
      `${cluster} was made by PostgreSQL ${version}, and this clew brings PostgreSQL ${binaries.major}. Dump it with the release that made it and load it into this one.`,
    );
  }
  if (account !== undefined) await giveBack(cluster, account);
}

/** Removes what killed first starts have left; to be called by the one whose server runs on the cluster. */
export async function removeLeftovers(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(WORK)) continue;
    // A process that is still at it may write meanwhile: then the next start removes the rest.
    await rm(join(dataDir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

async function versionOf(cluster: string): Promise<string | undefined> {
  try {
    return (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new EmbeddedError('embedded_failed', `${cluster} cannot be read by this user (${code}).`, { cause: error });
  }
}

async function makeCluster(
  dataDir: string,
  binaries: Binaries,
  account: Account | undefined,
  durable: 'fsync' | 'no-sync',
): Promise<void> {
  const cluster = clusterFolder(dataDir);
  const work = await mkdtemp(join(dataDir, WORK));
  try {
    const password = join(work, 'password');
    await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    if (account !== undefined) {
      await chown(password, account.uid, account.gid);
      await chown(work, account.uid, account.gid);
    }
    await initdb(work, binaries, account, durable);
    await rename(password, join(work, 'cluster', PASSWORD_FILE));
    await rename(join(work, 'cluster'), cluster);
    await syncFolder(dataDir);
  } catch (error) {
    // Lost against another first start, whose cluster is as good, or which is about to be told that it is in use.
    if ((await versionOf(cluster)) === undefined) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function initdb(
  work: string,
  binaries: Binaries,
  account: Account | undefined,
  durable: 'fsync' | 'no-sync',
): Promise<void> {
  const { code, output } = await withFolder(work, account, (folder) =>
    run(account, folder, binaries.initdb, [
      `--pgdata=${folder.path}/cluster`,
      `--pwfile=${folder.path}/password`,
      `--username=${CLUSTER_USER}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Code point order and Unicode case rules that no operating system's update can change.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      ...(durable === 'no-sync' ? ['--no-sync'] : []),
    ]),
  );
  if (code !== 0) throw new EmbeddedError('embedded_failed', `initdb failed (${code ?? 'killed'}): ${output}`);
}

/** The rename itself must outlive a power cut, or the first commits go with it. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path);
  await handle.sync().finally(() => handle.close());
}

/** Root's own tools (cp, tar) leave files to root, and PostgreSQL accepts only a folder that is its user's alone. */
async function giveBack(path: string, account: Account): Promise<void> {
  const { uid } = await stat(path);
  await chmod(path, 0o700);
  if (uid === account.uid) return;
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    await lchown(join(entry.parentPath, entry.name), account.uid, account.gid);
  }
  await chown(path, account.uid, account.gid);
}

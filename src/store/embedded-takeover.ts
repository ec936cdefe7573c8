import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, readFile, readlink, realpath, rename, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Account } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedError } from './embedded-error.ts';
import { withFolder } from './embedded-folder.ts';
import { run } from './embedded-run.ts';

/** What a server wrote about itself into its cluster's postmaster.pid. */
export interface PidFile {
  readonly text: string;
  readonly pid: number;
  readonly port: number;
  readonly status: string;
}

/** Whose the process of a pid file is: nobody's of ours any more, a living service's, or a killed one's. */
export type Holder = 'gone' | 'supervised' | 'orphan';

/** The name under which a supervisor is found in the list of processes. */
export const SUPERVISOR = 'clew-postgres-supervisor';

// A killed service's supervisor needs milliseconds to say stop; a living service's never does.
const GRACE_MS = 2_000;
const POLL_MS = 50;
const STOP_SECONDS = '60';

/** The pid file of a cluster, or undefined when there is none; pid 0 while it is empty. */
export async function readPidFile(cluster: string): Promise<PidFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const lines = text.split('\n');
  return { text, pid: Number(lines[0]), port: Number(lines[3]), status: (lines[7] ?? '').trim() };
}

/**
 * Returns when no server runs on the cluster: one that is stopping is waited for, one whose service and supervisor were
 * both killed is stopped. Throws embedded_in_use for a living service's. Touches no process but a server of this cluster.
 */
export async function clearTheWay(
  cluster: string,
  binaries: Binaries,
  account: Account | undefined,
  log: (line: string) => void,
): Promise<void> {
  let waited = 0;
  for (;;) {
    const found = await readPidFile(cluster);
    if (found === undefined) return;
    // Empty: another start is about to write it, or a power cut lost its content.
    const unwritten = !(found.pid > 0) && waited < GRACE_MS;
    const holder = unwritten ? 'supervised' : await holderOf(found.pid, cluster);
    if (holder === 'gone') return removePidFile(cluster, found);
    if (holder === 'orphan') {
      log(`stopping PostgreSQL ${found.pid}, whose service was killed`);
      await stopServer(cluster, binaries, account);
    } else if (found.status !== 'stopping' && waited >= GRACE_MS) {
      throw inUse(cluster, found.pid);
    }
    await delay(POLL_MS);
    waited += POLL_MS;
  }
}

/** The error for a cluster that a living service uses. */
export function inUse(cluster: string, pid: number | undefined): EmbeddedError {
  return new EmbeddedError(
    'embedded_in_use',
    `Another clew is running on ${cluster}${pid === undefined ? '' : ` (its PostgreSQL is process ${pid})`}. Stop it, or give this one a folder of its own with CLEW_DATA_DIR.`,
  );
}

/** Stops the server of a cluster by its pid file: disconnects all and checkpoints, or, when that hangs, at once. */
export async function stopServer(cluster: string, binaries: Binaries, account: Account | undefined): Promise<void> {
  for (const mode of ['fast', 'immediate']) {
    const { code } = await withFolder(cluster, account, (folder) =>
      run(account, folder, binaries.pgCtl, ['stop', '-D', folder.path, '-m', mode, '-t', STOP_SECONDS]),
    );
    if (code === 0 || (await readPidFile(cluster)) === undefined) return;
  }
  throw new EmbeddedError('embedded_failed', `The PostgreSQL on ${cluster} does not stop.`);
}

/** Whose a process is that a cluster's pid file names: numbers are used again, so it is looked at before it is believed. */
export async function holderOf(pid: number, cluster: string): Promise<Holder> {
  const server = await describe(pid);
  const real = await realpath(cluster);
  if (server === undefined || !server.folders.includes(real)) return 'gone';
  const parent = await describe(server.parent);
  return parent?.command.includes(SUPERVISOR) === true ? 'supervised' : 'orphan';
}

interface Process {
  readonly parent: number;
  readonly command: string;
  /** The folders that the process works in, as far as the system says. */
  readonly folders: readonly string[];
}

async function describe(pid: number): Promise<Process | undefined> {
  try {
    return platform() === 'linux' ? await fromProc(pid) : await fromPs(pid);
  } catch {
    return undefined;
  }
}

async function fromProc(pid: number): Promise<Process> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in parentheses may hold anything; state and parent follow the last one.
  const parent = Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
  // A server's working folder is its cluster. A zombie, or another user's process, has none to be read.
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return { parent, command, folders: folder === undefined ? [] : [folder] };
}

async function fromPs(pid: number): Promise<Process> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'ppid=,command=', '-p', String(pid)]);
  const [, parent, command = ''] = /^\s*(\d+)\s+(.*)$/s.exec(stdout.trimEnd()) ?? [];
  const folder = /postgres -D (.+?) -c /.exec(command)?.[1];
  return { parent: Number(parent), command, folders: folder === undefined ? [] : [folder] };
}

/**
 * Takes away a pid file whose server is gone: PostgreSQL keeps off as long as any process has the number in it. It is
 * renamed first and looked at again, since another start may have put its own there in between.
 */
async function removePidFile(cluster: string, stale: PidFile): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  const aside = join(cluster, `postmaster.pid.${randomUUID()}`);
  await rename(file, aside).catch(() => undefined);
  const text = await readFile(aside, 'utf8').catch(() => stale.text);
  if (text !== stale.text) await link(aside, file).catch(() => undefined);
  await rm(aside, { force: true });
}

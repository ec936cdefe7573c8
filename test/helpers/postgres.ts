import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ROOT } from './root.ts';

/** The PostgreSQL that tests use, the migrated database to clone, a folder, and the process that keeps and removes all. */
export interface TestServer {
  readonly url: string;
  readonly template: string;
  readonly scratch: string;
  readonly keeper: number;
}

/** Starts a PostgreSQL (or uses CLEW_TEST_DATABASE_URL) that lasts until the process of that number has ended. */
export async function startKeeper(watched: number): Promise<TestServer> {
  const keeper = fileURLToPath(new URL('keeper.js', import.meta.url));
  const child = spawn(process.execPath, [keeper, String(watched)], {
    cwd: ROOT,
    // Ctrl-C is for the tests; the keeper goes when they have gone.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await Promise.race([once(lines, 'line'), once(child, 'exit')])) as unknown[];
  child.unref();
  child.stdout.destroy();
  const said = typeof line === 'string' ? JSON.parse(line) : { error: `the keeper ended with ${line}` };
  if ('error' in said) throw new Error(`no PostgreSQL for the tests: ${said.error}`);
  return said;
}

/** Ends a keeper and returns when it has put everything away. */
export async function stopKeeper({ keeper }: TestServer): Promise<void> {
  process.kill(keeper, 'SIGTERM');
  while (isRunning(keeper)) await delay(10);
}

let alone: Promise<TestServer> | undefined;

/** The server of this test run; a test file that is run by itself, without tap, starts its own. */
export async function testServer(): Promise<TestServer> {
  const shared = await readShared(process.ppid);
  if (shared !== undefined) return shared;
  alone ??= startKeeper(process.pid);
  return alone;
}

/** Leaves word of a server for the test processes of one tap run, whose parent they all have in common. */
export async function share(run: number, server: TestServer): Promise<void> {
  await mkdir(new URL('.', fileOf(run)), { recursive: true });
  await writeFile(fileOf(run), JSON.stringify(server), { mode: 0o600 });
}

/** The server that a tap run shares, if it still runs. */
export async function readShared(run: number): Promise<TestServer | undefined> {
  const text = await readFile(fileOf(run), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const server = JSON.parse(text) as TestServer;
  return isRunning(server.keeper) ? server : undefined;
}

/** Takes the word of a server away. */
export async function unshare(run: number): Promise<void> {
  await rm(fileOf(run), { force: true });
}

function fileOf(run: number): URL {
  return new URL(`.tap/postgres-${run}.json`, ROOT);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

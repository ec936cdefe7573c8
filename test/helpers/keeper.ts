// Keeps the tests' PostgreSQL for as long as another process lives, given by its number: a process of its own, so that it
// cleans up whatever becomes of the one it serves (Ctrl-C, a crash, SIGKILL). Says where it is in one line of JSON.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createPool } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { unshare } from './postgres.ts';
import { roomyFolder } from './roomy-folder.ts';
import { ROOT } from './root.ts';

const POLL_MS = 50;
// Data that nobody will miss: a commit costs no disk, and two test processes with their services find room.
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  max_wal_size: '128MB',
};

let asked = false;
process.on('SIGTERM', () => {
  asked = true;
});
process.on('SIGINT', () => {});

const watched = Number(process.argv[2]);
const release: (() => Promise<unknown>)[] = [() => unshare(watched)];
try {
  const scratch = await mkdtemp(join(await roomyFolder(), 'clew-test-'));
  // A server that a test's killed process has left may still be stopping in it.
  release.push(() => rm(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  const url = process.env['CLEW_TEST_DATABASE_URL'] ?? (await ownServer(scratch));
  const template = await makeTemplate(url);
  console.log(JSON.stringify({ url, template, scratch, keeper: process.pid }));
  while (!asked && (await isAlive(watched))) await delay(POLL_MS);
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
  process.exitCode = 1;
} finally {
  // One that fails (the server was killed) must not keep the next from its work.
  for (const step of release.reverse()) await step().catch(() => undefined);
}

async function ownServer(scratch: string): Promise<string> {
  const dataDir = join(scratch, 'shared');
  const server = await startEmbedded({ dataDir, database: 'postgres', settings: SETTINGS, log: () => {} });
  release.push(() => server.stop());
  return server.url;
}

async function makeTemplate(url: string): Promise<string> {
  const template = `clew_template_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`create database ${template}`);
  release.push(async () => {
    await client.query(`alter database ${template} is_template false`);
    await client.query(`drop database ${template} with (force)`);
    await client.end();
  });
  const at = new URL(url);
  at.pathname = `/${template}`;
  const pool = createPool(at.href, 1);
  try {
    await migrate(pool, new URL('migrations/', ROOT));
  } finally {
    await pool.end();
  }
  await client.query(`alter database ${template} is_template true allow_connections false`);
  return template;
}

async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Ended, but not yet asked after by its parent: as a container without an init process leaves it.
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return !/\) [ZX] /.test(status);
}

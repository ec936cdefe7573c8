// Keeps the tests' PostgreSQL for as long as another process lives, given by its number: a process of its own, so that it
// cleans up whatever becomes of the one it serves (Ctrl-C, a crash, SIGKILL). Says where it is in one line of JSON.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { createPool } from '../../src/store/database.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';

const POLL_MS = 50;
// Data that nobody will miss: a commit costs no disk, and two test processes with their services find room.
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '300',
  max_wal_size: '128MB',
};
// Cloning a database makes 300 files: 17 ms in memory, and 20 to 600 ms on a disk that others use.
const MEMORY = '/dev/shm';
const MEMORY_BYTES = 2 ** 30;

let asked = false;
process.on('SIGTERM', () => {
  asked = true;
});
process.on('SIGINT', () => {});

const watched = Number(process.argv[2]);
const release: (() => Promise<unknown>)[] = [];
try {
  const url = process.env['CLEW_TEST_DATABASE_URL'] ?? (await ownServer());
  const template = await makeTemplate(url);
  console.log(JSON.stringify({ url, template, keeper: process.pid }));
  while (!asked && (await isAlive(watched))) await delay(POLL_MS);
} catch (error) {
  console.log(JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }));
  process.exitCode = 1;
} finally {
  for (const step of release.reverse()) await step();
}

async function ownServer(): Promise<string> {
  const dataDir = await mkdtemp(join(await roomyFolder(), 'clew-test-'));
  release.push(() => rm(dataDir, { recursive: true, force: true }));
  const server = await startEmbedded({ dataDir, database: 'postgres', settings: SETTINGS, log: () => {} });
  release.push(() => server.stop());
  return server.url;
}

async function roomyFolder(): Promise<string> {
  try {
    await access(MEMORY, constants.W_OK);
    const { bavail, bsize } = await statfs(MEMORY);
    // Containers get 64 MB of it by default, too little.
    return bavail * bsize >= MEMORY_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

async function makeTemplate(url: string): Promise<string> {
  const template = `clew_template_${randomBytes(6).toString('hex')}`;
  const client = new pg.Client({ connectionString: url });
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
    await migrate(pool, new URL('../../migrations/', import.meta.url));
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

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { platform } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import t, { type Test } from 'tap';
import { type EmbeddedOptions, type EmbeddedPostgres, findEmbedded, startEmbedded } from '../../src/store/embedded.ts';
import { testServer } from '../helpers/postgres.ts';

const SETTINGS = { fsync: 'off', shared_buffers: '16MB' };
const HOST = fileURLToPath(new URL('../helpers/embedded-host.js', import.meta.url));

// Processes are looked up in /proc.
const LINUX = platform() === 'linux' ? {} : { skip: 'needs /proc' };

// Some ten starts and kills of a server take long on a busy machine.
t.setTimeout(300_000);

// Removed with all that is in it even when this process is killed.
const { scratch } = await testServer();

// One cluster serves most tests: making one takes a second, and each test leaves it stopped.
const shared = await mkdtemp(join(scratch, 'embedded-'));
t.teardown(() => rm(shared, { recursive: true, force: true }));

t.test('the first start makes a cluster of our own', async (t) => {
  const { url, stop } = await start(t, shared);
  t.match(await one(url, 'select version() as x'), /^PostgreSQL 18\./);
  t.equal(await one(url, 'select current_database() as x'), 'clew');
  const facts = `select datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding) as x from pg_database where datname = current_database()`;
  t.equal(await one(url, facts), 'b C.UTF-8 UTF8');
  t.equal(await one(url, `select lower('ÄÖ') as x`), 'äö');
  t.equal(await one(url, `select current_setting('synchronous_commit') as x`), 'on');
  t.equal(await one(url, `select current_setting('TimeZone') as x`), 'UTC');
  t.equal(await one(url, `select current_setting('listen_addresses') as x`), '127.0.0.1');
  t.equal(await findEmbedded(shared), url, 'another process finds it');
  const password = await stat(join(shared, 'postgres', 'clew.password'));
  t.equal(password.mode & 0o777, 0o600);
  const wrong = new URL(url);
  wrong.password = 'guessed';
  await t.rejects(one(wrong.href, 'select 1 as x'), { code: '28P01' });
  await stop();
});

t.test('stop leaves no process, and the next start has the rows', { ...LINUX }, async (t) => {
  const first = await start(t, shared);
  await query(first.url, 'create table kept (n int); insert into kept values (1)');
  const pids = await processes(shared);
  t.ok(pids.length > 0, 'the server has processes while it runs');
  await first.stop();
  t.strictSame(await processes(shared), []);
  t.equal(await findEmbedded(shared), undefined);
  const second = await start(t, shared);
  t.equal(await one(second.url, 'select n as x from kept'), 1);
  await second.stop();
});

t.test('a service that is killed takes its server with it, and loses no committed row', { ...LINUX }, async (t) => {
  const host = await startHost(t, shared);
  await query(host.url, 'create table after_kill (n int); insert into after_kill values (7)');
  const server = await postmaster(shared);
  host.child.kill('SIGKILL');
  // At once, while the old server may still be stopping.
  const next = await start(t, shared);
  t.equal(await isAlive(server), false, 'the old server has gone');
  t.equal(await one(next.url, 'select n as x from after_kill'), 7);
  await next.stop();
  t.strictSame(await processes(shared), []);
});

t.test(
  'a server whose supervisor was killed with the service is taken down by the next start',
  { ...LINUX },
  async (t) => {
    const host = await startHost(t, shared);
    await query(host.url, 'create table orphaned (n int); insert into orphaned values (8)');
    const server = await postmaster(shared);
    process.kill(await parentOf(server), 'SIGKILL');
    host.child.kill('SIGKILL');
    await once(host.child, 'exit');
    t.equal(await isAlive(server), true, 'nobody is left to stop it');
    const log: string[] = [];
    const next = await start(t, shared, { log: (line) => log.push(line) });
    t.match(log.join('\n'), `stopping PostgreSQL ${server}, whose service was killed`);
    t.equal(await isAlive(server), false);
    t.equal(await one(next.url, 'select n as x from orphaned'), 8);
    await next.stop();
  },
);

t.test('a server that was killed itself says so, and recovers at the next start', async (t) => {
  const first = await start(t, shared);
  await query(first.url, 'create table crashed (n int); insert into crashed values (9)');
  process.kill(await postmaster(shared), 'SIGKILL');
  t.type(await first.ended, 'string');
  await first.stop();
  const next = await start(t, shared);
  t.equal(await one(next.url, 'select n as x from crashed'), 9);
  await next.stop();
});

t.test('a start after everything was killed at once has the rows', { ...LINUX }, async (t) => {
  const host = await startHost(t, shared);
  await query(host.url, 'create table powerless (n int); insert into powerless values (10)');
  const server = await postmaster(shared);
  for (const pid of [await parentOf(server), server]) process.kill(pid, 'SIGKILL');
  host.child.kill('SIGKILL');
  const next = await start(t, shared);
  t.equal(await one(next.url, 'select n as x from powerless'), 10);
  await next.stop();
});

t.test('stop reaches a server whose supervisor was killed', { ...LINUX }, async (t) => {
  const server = await start(t, shared);
  process.kill(await parentOf(await postmaster(shared)), 'SIGKILL');
  await server.stop();
  t.strictSame(await processes(shared), []);
});

t.test('a second service on the same folder is refused, and the first goes on', async (t) => {
  const first = await start(t, shared);
  await t.rejects(start(t, shared), { code: 'embedded_in_use', message: /CLEW_DATA_DIR/ });
  t.equal(await one(first.url, 'select 1 as x'), 1);
  await first.stop();
});

t.test('Ctrl-C reaches the service alone, which still has its database', { ...LINUX }, async (t) => {
  const host = await startHost(t, shared);
  // A terminal sends it to every process of the foreground group, which the child leads here.
  process.kill(-(host.child.pid ?? 0), 'SIGINT');
  const [code] = await once(host.child, 'exit');
  t.strictSame([code, host.lines], [0, [host.url, 'drained']]);
  t.strictSame(await processes(shared), []);
});

t.test('a pid file whose number has gone to another process stops nothing and nobody', async (t) => {
  const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
  t.teardown(() => bystander.kill());
  const file = join(shared, 'postgres', 'postmaster.pid');
  for (const text of [`${bystander.pid}\n/elsewhere\n1\n1\n\n127.0.0.1\n0 0\nready\n`, '']) {
    await writeFile(file, text);
    const server = await start(t, shared);
    t.equal(await one(server.url, 'select 1 as x'), 1);
    await server.stop();
  }
  t.equal(bystander.exitCode ?? bystander.signalCode, null, 'the other process lives');
});

t.test('a port that is asked for and taken is an error that says so', { ...LINUX }, async (t) => {
  const taken = createServer().listen(0, '127.0.0.1');
  t.teardown(() => taken.close());
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  await t.rejects(start(t, shared, { port }), { code: 'embedded_failed', message: /could not bind/ });
  t.strictSame(await processes(shared), []);
});

t.test('a cluster of another major version is refused, not touched', async (t) => {
  const file = join(shared, 'postgres', 'PG_VERSION');
  const version = await readFile(file, 'utf8');
  await writeFile(file, '17\n');
  await t.rejects(start(t, shared), { code: 'embedded_failed', message: /PostgreSQL 17/ });
  await writeFile(file, version);
});

t.test('a first start that is killed half way is done again, and leaves nothing', { ...LINUX }, async (t) => {
  const dataDir = await freshFolder(t);
  const child = spawnHost(t, dataDir);
  await until(async () => {
    const work = (await readdir(dataDir)).find((name) => name.startsWith('postgres.new-'));
    const made = work === undefined ? [] : await readdir(join(dataDir, work, 'cluster')).catch(() => []);
    return made.includes('base');
  });
  // Not initdb's own server: that ends with it, and takes its shared memory along.
  const initdb = (await children(child.pid ?? 0)).map((pid) => process.kill(pid, 'SIGKILL'));
  t.equal(initdb.length, 1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  t.match((await readdir(dataDir)).join(), /^postgres\.new-\w+$/, 'it was half way');
  const server = await start(t, dataDir);
  t.equal(await one(server.url, 'select 1 as x'), 1);
  await server.stop();
  t.strictSame(await readdir(dataDir), ['postgres']);
});

t.test('of two first starts at once one runs and one is refused', async (t) => {
  const dataDir = await freshFolder(t);
  const both = await Promise.allSettled([start(t, dataDir), start(t, dataDir)]);
  const running = both.filter((one): one is PromiseFulfilledResult<EmbeddedPostgres> => one.status === 'fulfilled');
  const refused = both.filter((one): one is PromiseRejectedResult => one.status === 'rejected');
  t.strictSame([running.length, refused.map(({ reason }) => reason.code)], [1, ['embedded_in_use']]);
  t.equal(await one(running[0]?.value.url ?? '', 'select 1 as x'), 1);
  await running[0]?.value.stop();
  t.strictSame(await readdir(dataDir), ['postgres']);
});

t.test('data may lie below a folder that no other user can enter', async (t) => {
  const closed = await freshFolder(t);
  await chmod(closed, 0o700);
  const server = await start(t, join(closed, 'deep', 'data'));
  t.equal(await one(server.url, 'select 1 as x'), 1);
  await server.stop();
});

async function start(t: Test, dataDir: string, options?: Partial<EmbeddedOptions>): Promise<EmbeddedPostgres> {
  const server = await startEmbedded({ dataDir, settings: SETTINGS, log: () => {}, ...options });
  t.teardown(() => server.stop());
  return server;
}

interface Host {
  readonly child: ChildProcess;
  readonly url: string;
  readonly lines: string[];
}

function spawnHost(t: Test, dataDir: string): ChildProcess {
  const child = spawn(process.execPath, [HOST, dataDir], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

async function startHost(t: Test, dataDir: string): Promise<Host> {
  const child = spawnHost(t, dataDir);
  if (child.stdout === null) throw new Error('no pipe');
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  await Promise.race([once(reader, 'line'), once(child, 'exit')]);
  return { child, url: lines[0] ?? '', lines };
}

async function freshFolder(t: Test): Promise<string> {
  const folder = await mkdtemp(join(scratch, 'embedded-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function query(url: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client.query(text).finally(() => client.end());
}

async function one(url: string, text: string): Promise<unknown> {
  return (await query(url, text)).rows[0].x;
}

async function postmaster(dataDir: string): Promise<number> {
  return Number((await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function parentOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8');
  return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
}

async function children(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map((pid) => parentOf(pid).catch(() => 0)));
  return pids.filter((_, index) => parents[index] === parent);
}

/** The processes of the server on a data folder and of its supervisor, each by its number and command. */
async function processes(dataDir: string): Promise<string[]> {
  const cluster = join(dataDir, 'postgres');
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const folders = await Promise.all(['cwd', 'fd/3'].map((at) => readlink(`/proc/${pid}/${at}`).catch(() => '')));
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (folders.includes(cluster) || command.includes(`${cluster}\0`)) found.push(`${pid} ${command}`);
  }
  return found;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(5);
}

/** False for a zombie too, which only waits for its parent to ask after it. */
async function isAlive(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X ');
  return !/\) [ZX] /.test(status);
}

import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type Account, serverAccount } from './embedded-account.ts';
import { type Binaries, findBinaries } from './embedded-binaries.ts';
import { CLUSTER_USER, clusterFolder, clusterPassword, ensureCluster, removeLeftovers } from './embedded-cluster.ts';
import { EmbeddedError } from './embedded-error.ts';
import { type Server, startServer } from './embedded-server.ts';
import { clearTheWay, holderOf, inUse, readPidFile } from './embedded-takeover.ts';

/** The service's own PostgreSQL, running. */
export interface EmbeddedPostgres {
  /** Connection string of the database, on loopback. */
  readonly url: string;
  /** Resolves with the server's last lines when it has ended, whether by `stop` or by itself; never rejects. */
  readonly ended: Promise<string>;
  /** Disconnects everybody, writes a checkpoint and returns when no process of it is left. */
  readonly stop: () => Promise<void>;
}

/** How to start it: `settings` are PostgreSQL's own and win over ours; `log` gets every line that the server prints. */
export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly port?: number;
  readonly database?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

const DATABASE = 'clew';
const HOST = '127.0.0.1';

const SETTINGS: Readonly<Record<string, string>> = {
  cluster_name: 'clew',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  shared_buffers: '128MB',
  max_connections: '100',
  // Compiling a plan takes longer than any of our queries.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '',
  log_checkpoints: 'off',
  // No errors in the server's log: they quote values and statements, and so people. Whoever caused one is told it.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

// Between asking for a free port and PostgreSQL taking it, another process may.
const TRIES = 5;
const LINGER_MS = 1_000;

/**
 * Starts PostgreSQL on `<dataDir>/postgres`, made at the first start, and returns when it takes connections to
 * `database` (default clew). Recovers from a kill of the service or the server at any moment. Throws an EmbeddedError.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  const settings = { ...SETTINGS, ...options.settings };
  const cluster = clusterFolder(dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const account = await serverAccount(cluster);
  const binaries = await findBinaries(dataDir, account);
  await clearTheWay(cluster, binaries, account, options.log);
  await ensureCluster(dataDir, binaries, account, settings['fsync'] === 'off' ? 'no-sync' : 'fsync');
  const { server, port } = await startOnPort({ ...options, settings }, cluster, binaries, account);
  try {
    await removeLeftovers(dataDir);
    const url = await ensureDatabase(cluster, port, options.database ?? DATABASE);
    return { url, ended: server.ended, stop: server.stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** The connection string of the server that another process runs on this data folder; undefined when none does. */
export async function findEmbedded(dataDir: string, database: string = DATABASE): Promise<string | undefined> {
  const cluster = clusterFolder(resolve(dataDir));
  const found = await readPidFile(cluster);
  if (found?.status !== 'ready' || (await holderOf(found.pid, cluster)) === 'gone') return undefined;
  return urlOf(await clusterPassword(cluster), found.port, database);
}

async function startOnPort(
  options: EmbeddedOptions,
  cluster: string,
  binaries: Binaries,
  account: Account | undefined,
): Promise<{ readonly server: Server; readonly port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    // Scram over loopback alone: a socket file would need a folder with a short name that both users can enter.
    const fixed = { listen_addresses: HOST, port: String(port), unix_socket_directories: '' };
    try {
      const settings = { ...options.settings, ...fixed };
      return { server: await startServer({ cluster, binaries, account, settings, log: options.log }), port };
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      if (said.includes('lock file "postmaster.pid"')) throw inUse(cluster, (await readPidFile(cluster))?.pid);
      const taken = said.includes('could not bind') && options.port === undefined;
      // The server was killed alone, and its children have not noticed yet.
      const lingering = said.includes('pre-existing shared memory block');
      if (!(taken || lingering) || attempt === TRIES) throw error;
      if (lingering) await delay(LINGER_MS);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((give, reject) => {
    probe.once('error', reject);
    probe.listen(0, HOST, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => give(port));
    });
  });
}

async function ensureDatabase(cluster: string, port: number, database: string): Promise<string> {
  const password = await clusterPassword(cluster);
  const client = new pg.Client({ connectionString: urlOf(password, port, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } catch (error) {
    throw new EmbeddedError('embedded_failed', `The database ${database} cannot be made: ${error}`, { cause: error });
  } finally {
    await client.end();
  }
  return urlOf(password, port, database);
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${CLUSTER_USER}:${password}@${HOST}:${port}/${encodeURIComponent(database)}`;
}

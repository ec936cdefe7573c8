import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { createDb, createPool } from '../src/store/database.ts';
import { startEmbedded } from '../src/store/embedded.ts';
import { migrate } from '../src/store/migrate.ts';
import { ensurePartitions } from '../src/store/partitions.ts';
import { ROOT } from '../test/helpers/root.ts';

const MIGRATIONS = new URL('migrations/', ROOT);

/** A program of the bench's folder as it is run, from the project's folder, by the name of its source. */
export function compiled(file: string): string {
  return join('build/bench', file.replace(/\.ts$/, '.js'));
}

/** A PostgreSQL of the bench's own, gone when it ends. */
export interface Stage {
  readonly database: (name: string) => Promise<string>;
  readonly query: (url: string, text: string) => Promise<readonly Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
  readonly facts: () => Promise<string>;
}

/**
 * Starts PostgreSQL with the service's own settings (fsync and synchronous commit on), and `settings` more, in a folder that goes
 * afterwards.
 */
export async function openStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const dataDir = await mkdtemp(join(tmpdir(), 'clew-bench-'));
  const postgres = await startEmbedded({ dataDir, settings, log: () => {} });
  const query: Stage['query'] = async (url, text) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    query,
    database: async (name) => {
      await query(postgres.url, `create database ${name}`);
      const url = new URL(postgres.url);
      url.pathname = `/${name}`;
      const pool = createPool(url.href, 2);
      await migrate(pool, MIGRATIONS);
      const db = createDb(pool);
      await ensurePartitions(db, Date.now());
      await db.destroy();
      return url.href;
    },
    facts: async () => {
      const [row] = await query(postgres.url, 'select version() as version');
      const model = cpus()[0]?.model.trim() ?? 'unknown';
      const memory = Math.round(totalmem() / 2 ** 30);
      return `${cpus().length} cores (${model}), ${memory} GiB, Node ${process.version}, ${String(row?.['version']).split(' on ')[0]}`;
    },
    close: async () => {
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A process under test. */
export interface Subject {
  readonly pid: number;
  readonly port: number;
  readonly key: string;
  readonly memoryMb: () => Promise<number>;
  readonly cpuSeconds: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** A key that a bench asks with; processes over one database need the same. */
export function benchKey(): string {
  return `clew_${randomBytes(32).toString('base64url')}`;
}

/** The service as it is run, built, over a database by address. */
export async function startClew(
  url: string,
  env: Readonly<Record<string, string>> = {},
  key: string = benchKey(),
): Promise<Subject> {
  const child = spawnNode(['dist/main.js', 'serve'], {
    DATABASE_URL: url,
    CLEW_SECRET_KEY: '5e'.repeat(32), // the same for every start over one database
    CLEW_ADMIN_KEY: key,
    CLEW_RATE_LIMIT_PER_MINUTE: '1000000000',
    PORT: '0',
    ...env,
  });
  return subject(child, await port(child, 'stdout'), key);
}

/** Another server of the bench's folder, which prints its address. */
export async function startServer(file: string, env: Readonly<Record<string, string>>): Promise<Subject> {
  const child = spawnNode([compiled(file)], env);
  return subject(child, await port(child, 'stdout'), 'none');
}

/** Runs a program of the bench's folder to its end and reads the JSON that it prints last. */
export async function runProgram<T>(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<T> {
  const child = spawnNode([compiled(file), ...args], env);
  let text = '';
  child.stdout?.on('data', (chunk) => {
    text += String(chunk);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
  return JSON.parse(text) as T;
}

function spawnNode(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function port(child: ChildProcess, from: 'stdout'): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    child[from]?.on('data', (chunk) => {
      if (text === 'found') return;
      text += String(chunk);
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      if (found === null) return;
      text = 'found';
      resolve(Number(found[1]));
    });
    child.once('exit', (code) => reject(new Error(`a server ended with ${code} before it listened: ${text}`)));
  });
}

function subject(child: ChildProcess, listening: number, key: string): Subject {
  const stat = async (): Promise<string[]> => (await readFile(`/proc/${child.pid}/stat`, 'utf8')).split(' ');
  return {
    pid: child.pid ?? 0,
    port: listening,
    key,
    memoryMb: async () => Number((await stat().catch(() => []))[23] ?? 0) / 256, // pages of 4 KiB
    cpuSeconds: async () => {
      const fields = await stat().catch(() => []);
      return (Number(fields[13] ?? 0) + Number(fields[14] ?? 0)) / 100;
    },
    stop: async () => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await closed;
    },
  };
}

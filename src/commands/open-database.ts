import type pg from 'pg';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { createDb, createPool, type Db } from '../store/database.ts';
import { findEmbedded, startEmbedded } from '../store/embedded.ts';
import { CommandError } from './command.ts';

/** The database of a command, connected to. */
export interface OpenDatabase {
  readonly pool: pg.Pool;
  readonly db: Db;
  readonly url: string;
  /** Resolves when our own PostgreSQL ends by itself; never for one that DATABASE_URL names. */
  readonly ended: Promise<string>;
  readonly close: () => Promise<void>;
}

/** Whether a PostgreSQL of ours that another process already runs is used (short commands) or refused (serve). */
export type Running = 'share' | 'refuse';

const NEVER = new Promise<string>(() => undefined);
const OLDEST = 150_000; // PostgreSQL 15

/** Connects to DATABASE_URL, or to our own PostgreSQL under the data folder, which is started unless it runs. */
export async function openDatabase(config: Config, running: Running, log: Logger): Promise<OpenDatabase> {
  if (config.databaseUrl !== null)
    return connect(config.databaseUrl, config, { ended: NEVER, stop: async () => undefined });
  const shared = running === 'share' ? await findEmbedded(config.dataDir) : undefined;
  if (shared !== undefined) return connect(shared, config, { ended: NEVER, stop: async () => undefined });
  const own = await startEmbedded({ dataDir: config.dataDir, log: (line) => log.debug({ line }, 'postgres') });
  return connect(own.url, config, own);
}

interface Server {
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

async function connect(url: string, config: Config, server: Server): Promise<OpenDatabase> {
  const pool = createPool(url, config.dbPoolMax);
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  const close = async () => {
    await pool.end();
    await server.stop();
  };
  try {
    const { rows } = await pool.query<{ version: string }>(`select current_setting('server_version_num') as version`);
    if (Number(rows[0]?.version) >= OLDEST) return { pool, db: createDb(pool), url, ended: server.ended, close };
  } catch (error) {
    await close();
    throw new CommandError(1, unreachable(url, error), { cause: error });
  }
  await close();
  throw new CommandError(1, `the database at ${placeOf(url)} is older than PostgreSQL 15: use a newer one`);
}

function unreachable(url: string, error: unknown): string {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string };
  const why = message === '' ? code : message;
  return `the database at ${placeOf(url)} cannot be used (${why}): start it, or correct DATABASE_URL`;
}

/** Host, port and database of a connection string, without user and password. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return 'DATABASE_URL';
  const { host, pathname } = new URL(url);
  return `${host === '' ? 'localhost' : host}${pathname}`;
}

import type pg from 'pg';
import { advisoryKey } from './advisory.ts';
import { type Migration, MigrationError, readMigrations } from './migrations.ts';
import { compareSchema, readApplied } from './schema-state.ts';

/** What one run did: the schema's version after it, and the migrations that this run itself applied. */
export interface MigrationReport {
  readonly version: number;
  readonly applied: readonly string[];
}

// A waiting DDL statement blocks every later one on its table: rather fail and be started again than stop the traffic.
const LOCK_TIMEOUT_MS = 10_000;

const LEDGER = `create table if not exists migration (
  version integer primary key,
  name text not null,
  checksum text not null,
  compatible_with integer not null,
  applied_at timestamptz not null
)`;

/**
 * Brings the schema up to the numbered SQL files of a folder, each in a transaction of its own; any number of processes
 * may do so at once. Throws a MigrationError.
 */
export async function migrate(pool: pg.Pool, folder: URL): Promise<MigrationReport> {
  const known = await readMigrations(folder);
  // Nothing to do is the usual case: found without a lock and without a write.
  const state = compareSchema(known, await readApplied(pool));
  if (state.kind === 'unusable') throw state.error;
  if (state.kind === 'current') return { version: state.version, applied: [] };
  const applied: string[] = [];
  for (;;) {
    const step = await applyNext(pool, known);
    if (step.kind === 'current') return { version: step.version, applied };
    applied.push(step.name);
  }
}

type Step =
  | { readonly kind: 'current'; readonly version: number }
  | { readonly kind: 'applied'; readonly name: string };

async function applyNext(pool: pg.Pool, known: readonly Migration[]): Promise<Step> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const step = await applyLocked(client, known);
    await client.query('commit');
    client.release();
    return step;
  } catch (error) {
    // The connection may be gone, or in a state that nobody knows: it is closed, which rolls back.
    client.release(true);
    throw error;
  }
}

async function applyLocked(client: pg.ClientBase, known: readonly Migration[]): Promise<Step> {
  // A migration may rewrite a table, and its siblings wait for it however long it takes.
  await client.query('set local statement_timeout = 0; set local lock_timeout = 0');
  await client.query('select pg_advisory_xact_lock($1, $2)', [...advisoryKey('migrate')]);
  await client.query(LEDGER);
  const state = compareSchema(known, await readApplied(client));
  if (state.kind === 'unusable') throw state.error;
  const next = known.find((migration) => migration.version > state.version);
  if (next === undefined) return { kind: 'current', version: state.version };
  await client.query(`set local lock_timeout = ${LOCK_TIMEOUT_MS}`);
  await run(client, next);
  await client.query(
    'insert into migration (version, name, checksum, compatible_with, applied_at) values ($1, $2, $3, $4, now())',
    [next.version, next.name, next.checksum, next.compatibleWith],
  );
  return { kind: 'applied', name: next.name };
}

async function run(client: pg.ClientBase, migration: Migration): Promise<void> {
  try {
    await client.query(migration.sql);
  } catch (error) {
    const at = lineOf(migration.sql, Number((error as pg.DatabaseError).position));
    const why = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      'migration_failed',
      `migration ${migration.name} failed${at}, nothing of it was kept: ${why}`,
      {
        cause: error,
      },
    );
  }
}

/** Where in the file a character position (from 1) lies; empty when the database gave none. */
function lineOf(sql: string, position: number): string {
  return Number.isFinite(position) ? ` at line ${sql.slice(0, position - 1).split('\n').length}` : '';
}

import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Test } from 'tap';
import { createPool } from '../../src/store/database.ts';
import { testServer } from './postgres.ts';

/** A database of a test's own. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
}

/** Clones the migrated database for one test, with a pool of ten; both go when the test ends. */
export async function testDatabase(t: Test): Promise<TestDatabase> {
  const { url, template } = await testServer();
  // Copying files takes two thirds of the time of copying through the log.
  return clone(t, url, `template ${template} strategy file_copy`);
}

/** An empty database for one test of the migrations themselves. */
export async function emptyDatabase(t: Test): Promise<TestDatabase> {
  const { url } = await testServer();
  return clone(t, url, 'template template0');
}

async function clone(t: Test, server: string, from: string): Promise<TestDatabase> {
  const name = `clew_test_${randomBytes(8).toString('hex')}`;
  await onServer(server, `create database ${name} ${from}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const pool = createPool(url.href, 10);
  pool.on('error', () => {}); // dropping the database may be quicker than the end of a connection that was idle
  t.teardown(async () => {
    await pool.end();
    await onServer(server, `drop database ${name} with (force)`);
  });
  return { url: url.href, pool };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

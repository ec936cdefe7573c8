import { CompiledQuery } from 'kysely';
import pg from 'pg';
import { columnTypes, type Tx } from './database.ts';

/** A statement by its name (prepared once per connection) and its text. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Where a set statement runs: a pipelined ingest connection, or a transaction of a slower flow. */
export interface Session {
  readonly run: <Row>(statement: Statement, values: readonly unknown[]) => Promise<readonly Row[]>;
}

/** A dedicated connection whose statements are sent without waiting for the answers of those before. */
export interface IngestConnection extends Session {
  readonly begin: () => Promise<unknown>;
  readonly commit: () => Promise<unknown>;
  readonly rollback: () => Promise<unknown>;
  /** Holds what is written until the function returns, so that a round trip is one packet. */
  readonly together: <T>(send: () => T) => T;
  readonly usable: () => boolean;
  readonly end: () => Promise<void>;
}

// On a fresh database the planner finds every table empty and would keep a sequential scan for as long as the statement lives,
// four times slower once rows are there. Index plans are right at any size, so nothing else is offered here.
const SETTINGS = [
  'timezone=UTC',
  'plan_cache_mode=force_generic_plan',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
  'jit=off',
  'lock_timeout=3s',
  'statement_timeout=20s',
  'idle_in_transaction_session_timeout=20s',
];

// Longer than the statement timeout, which is the server's: a connection that a failover or a NAT has silenced hears nothing of it.
const SILENCE_MS = 25_000;

/**
 * Opens an ingest connection; rejects when the database cannot be reached within 5 seconds. With `relaxed` commits an answer does
 * not wait for the disk: a crash of the database may forget the last half second, for statements whose loss is only done again.
 */
export async function openIngestConnection(
  url: string,
  commits: 'durable' | 'relaxed' = 'durable',
): Promise<IngestConnection> {
  const client = new pg.Client({
    connectionString: url,
    pipeline: true,
    types: columnTypes,
    application_name: 'clew-ingest',
    options: [...SETTINGS, ...(commits === 'relaxed' ? ['synchronous_commit=off'] : [])]
      .map((setting) => `-c ${setting}`)
      .join(' '),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    query_timeout: SILENCE_MS,
  } as pg.ClientConfig);
  let broken = false;
  client.on('error', () => {
    broken = true;
  });
  client.on('end', () => {
    broken = true;
  });
  await client.connect();
  const { stream } = (
    client as unknown as {
      connection: { stream: NodeJS.WritableStream & { cork(): void; uncork(): void; destroy(): void } };
    }
  ).connection;
  // A connection that answers nothing any more is given up: everything behind on the wire fails with it.
  const heard = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: Error) => {
      if (error.message === 'Query read timeout') {
        broken = true;
        stream.destroy();
      }
      throw error;
    });
  // What failed first in this transaction. Statements behind it on the wire fail with 25P02, which says no more than that
  // there was something, and whose promise may be heard first.
  let failure: unknown = null;
  return {
    run: async (statement, values) => {
      try {
        return (await heard(client.query({ ...statement, values: [...values] }))).rows;
      } catch (error) {
        failure ??= error;
        throw failure;
      }
    },
    begin: () => {
      failure = null;
      return heard(client.query(BEGIN));
    },
    commit: () => heard(client.query(COMMIT)),
    rollback: () => heard(client.query(ROLLBACK)),
    together: (send) => {
      stream.cork();
      try {
        return send();
      } finally {
        stream.uncork();
      }
    },
    usable: () => !broken,
    end: () => client.end(),
  };
}

const BEGIN = { name: 'begin', text: 'begin isolation level read committed' };
const COMMIT = { name: 'commit', text: 'commit' };
const ROLLBACK = { name: 'rollback', text: 'rollback' };

/** The set statements inside a kysely transaction, for flows that are not the hot path. */
export function sessionOf(tx: Tx): Session {
  return {
    run: async <Row>(statement: Statement, values: readonly unknown[]) =>
      (await tx.executeQuery<Row>(CompiledQuery.raw(statement.text, [...values]))).rows,
  };
}

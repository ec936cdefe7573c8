import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import type * as T from './tables.ts';

/** Every table by its name; test/store/tables.test.ts holds it to the live schema. */
export interface Tables {
  api_key: T.ApiKeyTable;
  attempt: T.AttemptTable;
  audit: T.AuditTable;
  behaviour: T.BehaviourTable;
  channel: T.ChannelTable;
  consent: T.ConsentTable;
  customer: T.CustomerTable;
  customer_alias: T.CustomerAliasTable;
  deal: T.DealTable;
  delivery: T.DeliveryTable;
  delivery_body: T.DeliveryBodyTable;
  delivery_due: T.DeliveryDueTable;
  delivery_worker: T.DeliveryWorkerTable;
  deployment: T.DeploymentTable;
  endpoint: T.EndpointTable;
  endpoint_health: T.EndpointHealthTable;
  event: T.EventTable;
  identity: T.IdentityTable;
  import: T.ImportTable;
  import_chunk: T.ImportChunkTable;
  import_erased: T.ImportErasedTable;
  import_row: T.ImportRowTable;
  lead: T.LeadTable;
  directory: T.DirectoryTable;
  lead_band: T.LeadBandTable;
  region: T.RegionTable;
  score: T.ScoreTable;
  score_due: T.ScoreDueTable;
  score_model: T.ScoreModelTable;
  store: T.StoreTable;
  adviser: T.AdviserTable;
  pool: T.PoolTable;
  task: T.TaskTable;
  merge: T.MergeTable;
  policy: T.PolicyTable;
  provision: T.ProvisionTable;
  quarantine: T.QuarantineTable;
  raw_body: T.RawBodyTable;
  receipt: T.ReceiptTable;
  source: T.SourceTable;
  source_address: T.SourceAddressTable;
  lead_fetch: T.LeadFetchTable;
  recording: T.RecordingTable;
  recorded_push: T.RecordedPushTable;
  submission: T.SubmissionTable;
  suggestion: T.SuggestionTable;
  suppression: T.SuppressionTable;
  touch: T.TouchTable;
  visitor_link: T.VisitorLinkTable;
}

/** A handle for queries: the pool's or a transaction's. */
export type Db = Kysely<Tables>;
/** A handle inside a transaction. */
export type Tx = Transaction<Tables>;

// A statement that waits or works longer holds one of few connections: rather fail, to be tried again. A flow that takes longer
// says so by itself (`letWork`).
const SETTINGS = [
  'timezone=UTC',
  'statement_timeout=15s',
  'idle_in_transaction_session_timeout=30s',
  'lock_timeout=10s',
];

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** Reads a timestamptz as epoch milliseconds and an int8 as a number (money and counts stay below 2^53). */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return (text: string) => Date.parse(isoOf(text));
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as pg.CustomTypesConfig['getTypeParser'],
};

/** Postgres prints `2026-06-01 04:30:00.123+00`; with the session in UTC a `T` and a `Z` make it ISO 8601. */
function isoOf(text: string): string {
  return `${text.slice(0, 10)}T${text.slice(11, text.length - 3)}Z`;
}

/** A pool whose sessions are in UTC, read times as milliseconds and end a statement after 15 s (57014) or 10 s of waiting (55P03). */
export function createPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    types: columnTypes,
    application_name: 'clew',
    options: SETTINGS.map((setting) => `-c ${setting}`).join(' '),
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
  });
  // The pool hears of idle connections that break. One that is taken, or just being closed, would end the process by its event;
  // whoever uses it next is told anyway.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Kysely over a pool. */
export function createDb(pool: pg.Pool): Db {
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

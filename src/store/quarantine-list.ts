import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Fields, Key, Mode } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import { readPhone } from './sealed-phone.ts';

export const QUARANTINE_STATES = ['open', 'released', 'superseded', 'dismissed'] as const;
export type QuarantineState = (typeof QUARANTINE_STATES)[number];

/** Which entries to list; what is left out is not asked for. The range includes its beginning and not its end. */
export interface QuarantineFilter {
  readonly state?: QuarantineState;
  readonly code?: string;
  readonly codes?: readonly string[]; // any of them
  readonly sourceId?: string;
  readonly from?: Instant;
  readonly to?: Instant;
}

/** One quarantined submission as it was read, without its raw body. */
export interface QuarantineEntry {
  readonly id: string;
  readonly submissionId: string;
  readonly sourceId: string;
  readonly sourceName: string | null;
  readonly code: string;
  readonly path: string | null;
  readonly hint: string | null;
  readonly keys: readonly Key[];
  readonly state: QuarantineState;
  readonly resolvedBy: string | null; // released, superseded: the submission that took its place
  readonly resolvedAt: Instant | null;
  readonly actor: string | null; // who resolved it
  readonly externalId: string | null;
  readonly phoneTyped: string | null;
  readonly mode: Mode;
  readonly fields: Fields;
  readonly warnings: readonly string[];
  readonly completes: string | null; // the submission that this one was a retry of
  readonly requestId: string | null;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
}

interface Row {
  id: string;
  submission_id: string;
  source_id: string;
  source_name: string | null;
  code: string;
  path: string | null;
  hint: string | null;
  keys: Key[];
  state: QuarantineState;
  resolved_by: string | null;
  resolved_at: Instant | null;
  actor: string | null;
  external_id: string | null;
  phone_typed: string | null;
  mode: Mode;
  fields: Fields | null;
  warnings: string[];
  completes: string | null;
  request_id: string | null;
  occurred_at: Instant;
  received_at: Instant;
}

const ENTRIES = sql`select q.id, q.submission_id, q.source_id, so.name as source_name, q.code, q.path, q.hint, q.keys, q.state,
    q.resolved_by, q.resolved_at, q.actor, s.external_id, s.phone_typed, s.mode, s.fields, s.warnings, s.completes, s.request_id,
    s.occurred_at, s.received_at
  from quarantine q join submission s on s.id = q.submission_id left join source so on so.id = q.source_id`;

/** Entries, newest first, after the place of the last one seen. */
export async function listQuarantine(
  db: Db,
  vault: Vault,
  filter: QuarantineFilter,
  page: { readonly after: { readonly at: Instant; readonly id: string } | null; readonly limit: number },
): Promise<readonly QuarantineEntry[]> {
  const conditions = conditionsOf(filter);
  const { after, limit } = page;
  if (after !== null) conditions.push(sql`(q.created_at, q.id) < (${new Date(after.at)}, ${after.id}::uuid)`);
  const found = await sql<Row>`${ENTRIES} where ${sql.join(conditions, sql` and `)}
    order by q.created_at desc, q.id desc limit ${limit}`.execute(db);
  return found.rows.map((row) => entryOf(row, vault));
}

/** The ids of entries that match, oldest first. */
export async function matchingEntries(db: Db, filter: QuarantineFilter, limit: number): Promise<readonly string[]> {
  const found = await sql<{
    id: string;
  }>`select q.id from quarantine q where ${sql.join(conditionsOf(filter), sql` and `)}
    order by q.created_at, q.id limit ${limit}`.execute(db);
  return found.rows.map((row) => row.id);
}

/** Entries by id; those that do not exist are missing. */
export async function findEntries(
  db: Db,
  vault: Vault,
  ids: readonly string[],
): Promise<ReadonlyMap<string, QuarantineEntry>> {
  const found = await sql<Row>`${ENTRIES} where q.id = any(${[...ids]}::uuid[])`.execute(db);
  return new Map(found.rows.map((row) => [row.id, entryOf(row, vault)]));
}

function conditionsOf(filter: QuarantineFilter): RawBuilder<unknown>[] {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter.state !== undefined) conditions.push(sql`q.state = ${sql.lit(filter.state)}`); // literal: matches the partial index
  if (filter.code !== undefined) conditions.push(sql`q.code = ${filter.code}`);
  if (filter.codes !== undefined) conditions.push(sql`q.code = any(${[...filter.codes]}::text[])`);
  if (filter.sourceId !== undefined) conditions.push(sql`q.source_id = ${filter.sourceId}::uuid`);
  if (filter.from !== undefined) conditions.push(sql`q.created_at >= ${new Date(filter.from)}`);
  if (filter.to !== undefined) conditions.push(sql`q.created_at < ${new Date(filter.to)}`);
  return conditions;
}

function entryOf(row: Row, vault: Vault): QuarantineEntry {
  return {
    id: row.id,
    submissionId: row.submission_id,
    sourceId: row.source_id,
    sourceName: row.source_name,
    code: row.code,
    path: row.path,
    hint: row.hint,
    keys: row.keys,
    state: row.state,
    resolvedBy: row.resolved_by,
    resolvedAt: row.resolved_at,
    actor: row.actor,
    externalId: row.external_id,
    phoneTyped: readPhone(vault, row.phone_typed),
    mode: row.mode,
    fields: row.fields ?? {},
    warnings: row.warnings,
    completes: row.completes,
    requestId: row.request_id,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
  };
}

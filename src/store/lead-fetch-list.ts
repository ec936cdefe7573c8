import { type Selectable, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Fields } from '../domain/submission.ts';
import type { Db, Tx } from './database.ts';
import type { LeadFetchTable } from './tables.ts';

export type FetchState = LeadFetchTable['state'];

/** A fetch as operators see it. */
export interface ListedFetch {
  readonly submissionId: string;
  readonly externalId: string;
  readonly state: FetchState;
  readonly attempts: number;
  readonly dueAt: Instant;
  readonly fault: string | null;
  readonly detail: string | null;
  readonly createdAt: Instant;
  readonly settledAt: Instant | null;
}

/** The sources of which something is due, each found by one step through the index. */
export async function sourcesToFetch(db: Db, now: Instant): Promise<readonly string[]> {
  const next = (after: string) =>
    sql.raw(`select f.source_id from lead_fetch f where f.state = 'pending' ${after}
      order by f.source_id limit 1`);
  const { rows } = await sql<{ source_id: string }>`
    with recursive s as (
      (${next('')}) union all select (${next('and f.source_id > s.source_id')}) from s where s.source_id is not null
    ) select source_id from s where exists (
      select from lead_fetch f where f.source_id = s.source_id and f.state = 'pending' and f.due_at <= ${new Date(now)}
    )`.execute(db);
  return rows.map((row) => row.source_id);
}

/** What a parked submission knows of its lead; null: there is no such submission, or it was erased. */
export async function readParked(
  db: Db,
  submissionId: string,
): Promise<{ readonly fields: Fields; readonly occurredAt: Instant } | null> {
  const row = await db
    .selectFrom('submission')
    .select(['fields', 'occurred_at'])
    .where('id', '=', submissionId)
    .where('external_id', 'is not', null) // erasing takes it
    .executeTakeFirst();
  return row === undefined ? null : { fields: (row.fields ?? {}) as Fields, occurredAt: row.occurred_at };
}

/** Fetches of a source, newest first by the submission that they complete. */
export async function listFetches(
  db: Db,
  sourceId: string,
  filter: { readonly states: readonly FetchState[]; readonly before: string | null; readonly limit: number },
): Promise<readonly ListedFetch[]> {
  const { states, before, limit } = filter;
  let query = db.selectFrom('lead_fetch').selectAll().where('source_id', '=', sourceId);
  if (states.length > 0) query = query.where('state', 'in', [...states]);
  if (before !== null) query = query.where('submission_id', '<', before);
  return (await query.orderBy('submission_id', 'desc').limit(limit).execute()).map(listed);
}

function listed(row: Selectable<LeadFetchTable>): ListedFetch {
  return {
    submissionId: row.submission_id,
    externalId: row.external_id,
    state: row.state,
    attempts: row.attempts,
    dueAt: row.due_at,
    fault: row.fault,
    detail: row.detail,
    createdAt: row.created_at,
    settledAt: row.settled_at,
  };
}

/**
 * Lets fetches of a source begin anew, all or those named, that were given up or brought no usable lead; but none of a lead that
 * the platform has deleted. Answers how many.
 */
export async function retryFetches(
  tx: Tx,
  sourceId: string,
  want: { readonly ids: readonly string[] | null; readonly limit: number; readonly now: Instant },
): Promise<number> {
  const { ids, limit, now } = want;
  const named = ids === null ? sql`` : sql`and submission_id = any(${[...ids]}::uuid[])`;
  const { numAffectedRows } = await sql`
    update lead_fetch set state = 'pending', attempts = 0, due_at = ${new Date(now)}, lease_until = null, settled_at = null
    where submission_id in (
      select submission_id from lead_fetch
      where source_id = ${sourceId} and (state = 'dead' or state = 'fetched' and fault is not null)
        and fault is distinct from 'deleted' ${named} limit ${limit} for update
    )`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

/** Lets what a source's token was refused for be tried at once: its credentials have changed. */
export async function retryRefusedFetches(db: Db, sourceId: string, now: Instant): Promise<void> {
  await db
    .updateTable('lead_fetch')
    .set({ due_at: new Date(now) })
    .where('source_id', '=', sourceId)
    .where('state', '=', 'pending')
    .where('fault', '=', 'unauthorised')
    .execute();
}

/** What waits to be fetched, by source: how many, since when, and for how many of them the token was refused. */
export async function readFetchBacklog(
  db: Db,
): Promise<
  readonly { readonly sourceId: string; readonly pending: number; readonly refused: number; readonly oldest: Instant }[]
> {
  const { rows } = await sql<{ source_id: string; pending: number; refused: number; oldest: Instant }>`
    select source_id, count(*)::integer as pending, count(*) filter (where fault = 'unauthorised')::integer as refused,
      min(created_at) as oldest from lead_fetch where state = 'pending' group by source_id`.execute(db);
  return rows.map(({ source_id: sourceId, ...row }) => ({ sourceId, ...row }));
}

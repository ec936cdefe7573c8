import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';

/** A lead to be fetched: the parked submission that it completes, and what the platform's API asks for. */
export interface NewFetch {
  readonly submissionId: string;
  readonly sourceId: string;
  readonly externalId: string;
  readonly reference: Readonly<Record<string, unknown>>;
  readonly dueAt: Instant;
}

/** Writes down what is to be fetched; what is written down already stays as it is. */
export async function insertFetches(db: Db, fetches: readonly NewFetch[]): Promise<void> {
  if (fetches.length === 0) return;
  const column = <T>(of: (fetch: NewFetch) => T): T[] => fetches.map(of);
  await sql`
    insert into lead_fetch (submission_id, source_id, external_id, reference, state, due_at, created_at)
    select u.*, 'pending', due, due from unnest(
      ${column((fetch) => fetch.submissionId)}::uuid[], ${column((fetch) => fetch.sourceId)}::uuid[],
      ${column((fetch) => fetch.externalId)}::text[], ${column((fetch) => JSON.stringify(fetch.reference))}::jsonb[]
    ) u, (select ${new Date(fetches[0]?.dueAt ?? 0)}::timestamptz as due) d
    on conflict (submission_id) do nothing`.execute(db);
}

/** A fetch that a worker has to itself until its lease ends. */
export interface ClaimedFetch {
  readonly submissionId: string;
  readonly sourceId: string;
  readonly externalId: string;
  readonly reference: Readonly<Record<string, unknown>>;
  readonly claims: number; // the fence
  readonly attempts: number; // with this one
  readonly createdAt: Instant;
  readonly deleted: boolean; // its platform has deleted the lead meanwhile: there is only something to erase
}

/** Takes due fetches of one source, the longest due first; the attempt is counted here. */
export async function claimFetches(
  db: Db,
  want: { readonly sourceId: string; readonly most: number; readonly leaseMs: number; readonly now: Instant },
): Promise<readonly ClaimedFetch[]> {
  const { rows } = await sql<{
    submission_id: string;
    source_id: string;
    external_id: string;
    reference: Record<string, unknown>;
    claims: number;
    attempts: number;
    created_at: Instant;
    deleted: boolean;
  }>`
    with due as (
      select submission_id from lead_fetch
      where state = 'pending' and source_id = ${want.sourceId} and due_at <= ${new Date(want.now)}
        and (lease_until is null or lease_until <= clock_timestamp())
      order by due_at limit ${want.most} for update skip locked
    )
    update lead_fetch f set claims = f.claims + 1, attempts = f.attempts + 1,
      lease_until = clock_timestamp() + ${want.leaseMs} * interval '1 millisecond'
    from due where f.submission_id = due.submission_id
    returning f.submission_id, f.source_id, f.external_id, f.reference, f.claims, f.attempts, f.created_at,
      f.fault is not distinct from 'deleted' as deleted`.execute(db);
  return rows.map((row) => ({
    submissionId: row.submission_id,
    sourceId: row.source_id,
    externalId: row.external_id,
    reference: row.reference,
    claims: row.claims,
    attempts: row.attempts,
    createdAt: row.created_at,
    deleted: row.deleted,
  }));
}

/** What became of a claimed fetch. */
export interface FetchSettlement {
  readonly submissionId: string;
  readonly claims: number;
  readonly state: 'pending' | 'fetched' | 'dead';
  readonly dueAt: Instant; // of pending: when it is tried again
  readonly refund: 0 | 1; // attempts given back
  readonly fault: string | null;
  readonly detail: string | null;
}

/** Settles a fetch under its fence; answers whether it was still held, and the lead not deleted by its platform meanwhile. */
export async function settleFetch(db: Db, settled: FetchSettlement, now: Instant): Promise<boolean> {
  const result = await db
    .updateTable('lead_fetch')
    .set((it) => ({
      state: settled.state,
      due_at: new Date(settled.dueAt),
      lease_until: null,
      attempts: it('attempts', '-', settled.refund),
      fault: settled.fault,
      detail: settled.detail,
      settled_at: settled.state === 'pending' ? null : new Date(now),
    }))
    .where('submission_id', '=', settled.submissionId)
    .where('claims', '=', settled.claims)
    .where('state', '=', 'pending')
    .where(sql<boolean>`(fault is distinct from 'deleted' or ${settled.fault}::text is not distinct from 'deleted')`)
    .executeTakeFirst();
  return result.numUpdatedRows > 0n;
}

/** Whether a claimed fetch is still held, no longer held, or of a lead that its platform has deleted. */
export async function standingOf(
  db: Db,
  { submissionId, claims }: Pick<ClaimedFetch, 'submissionId' | 'claims'>,
): Promise<'held' | 'lost' | 'deleted'> {
  const row = await db
    .selectFrom('lead_fetch')
    .select(['state', 'fault', 'claims'])
    .where('submission_id', '=', submissionId)
    .executeTakeFirst();
  if (row?.fault === 'deleted') return 'deleted';
  return row?.state === 'pending' && row.claims === claims ? 'held' : 'lost';
}

/**
 * Gives up what is to be fetched of a lead that its platform has deleted; answers how many. One that is being fetched stays
 * until its lease ends, so that what comes of it is erased again even where its process dies.
 */
export async function cancelFetches(db: Db, sourceId: string, externalId: string, now: Instant): Promise<number> {
  const { numAffectedRows } = await sql`
    update lead_fetch set fault = 'deleted', detail = 'The platform has deleted the lead.',
      state = case when lease_until > clock_timestamp() then 'pending' else 'dead' end,
      settled_at = case when lease_until > clock_timestamp() then null else ${new Date(now)}::timestamptz end
    where source_id = ${sourceId} and external_id = ${externalId} and state = 'pending'`.execute(db);
  return Number(numAffectedRows ?? 0);
}

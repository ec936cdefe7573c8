import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';

/** What waits for an endpoint. */
export interface Backlog {
  readonly endpoint_id: string;
  readonly pending: number;
  readonly oldest: Instant | null; // when its event was recorded
}

/** What waits for each endpoint that is not deleted. Reads the whole queue: a million rows take some hundred milliseconds. */
export async function readBacklog(db: Db): Promise<readonly Backlog[]> {
  return briefly(db, async (tx) => {
    const { rows } = await sql<Backlog>`
      select p.id as endpoint_id, coalesce(q.pending, 0) as pending, q.oldest from endpoint p
      left join (
        select endpoint_id, count(*) as pending, min(created_at) as oldest from delivery_due group by endpoint_id
      ) q on q.endpoint_id = p.id where p.state <> 'deleted'`.execute(tx);
    return rows;
  });
}

/** Endpoints that are paused, each with why. */
export async function readPaused(db: Db): Promise<readonly { readonly id: string; readonly reason: string | null }[]> {
  return briefly(db, (tx) =>
    tx.selectFrom('endpoint').select(['id', 'paused_reason as reason']).where('state', '=', 'paused').execute(),
  );
}

/** How many deliveries of each endpoint that is not deleted have died since a moment. */
export async function readDead(
  db: Db,
  since: Instant,
): Promise<readonly { readonly endpoint_id: string; readonly dead: number }[]> {
  return briefly(db, async (tx) => {
    const { rows } = await sql<{ endpoint_id: string; dead: number }>`
      select p.id as endpoint_id, f.dead from endpoint p cross join lateral (
        select count(*) as dead from delivery d
        where d.endpoint_id = p.id and d.failed_at >= ${new Date(since)} and d.state = 'dead'
      ) f where p.state <> 'deleted'`.execute(tx);
    return rows;
  });
}

/** When the first event was recorded that the feed holds back behind a running transaction; null: it holds nothing back. */
export async function readFeedHeld(db: Db): Promise<Instant | null> {
  return briefly(db, async (tx) => {
    const { rows } = await sql<{ at: Instant }>`
      select recorded_at as at from event where xid >= pg_snapshot_xmin(pg_current_snapshot())
      order by xid, id limit 1`.execute(tx);
    return rows[0]?.at ?? null;
  });
}

/** A scrape waits for 2 seconds at most and goes without the figure. */
async function briefly<T>(db: Db, read: (tx: Tx) => Promise<T>): Promise<T> {
  return db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`set local statement_timeout = 2000`.execute(tx);
      return read(tx);
    });
}

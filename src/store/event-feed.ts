import { sql } from 'kysely';
import { matchesEvent } from '../domain/event-pattern.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import { type ListedEvent, readEvents } from './event-list.ts';

/** A place between two events of the feed: after the one of this transaction and id. */
export interface FeedPlace {
  readonly xid: string;
  readonly id: string;
}

/** A page of the feed, where to go on from, and whether more was there already. */
export interface FeedPage {
  readonly events: readonly ListedEvent[];
  readonly next: FeedPlace;
  readonly more: boolean;
}

const NIL = '00000000-0000-0000-0000-000000000000';

/** Before the first event. */
export const FEED_BEGINNING: FeedPlace = { xid: '0', id: NIL };

// Looked through for a page of few types: a page may be empty and yet not the last, so that none takes long.
const LOOK = 5_000;

/** Where the feed ends now: whatever is committed from now on comes after it. */
export async function feedEnd(db: Db): Promise<FeedPlace> {
  const { rows } = await sql<{ xid: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`.execute(db);
  return { xid: rows[0]?.xid ?? '0', id: NIL };
}

interface Row {
  readonly id: string;
  readonly type: string;
  readonly xid: string;
  readonly recorded_at: Instant;
}

/**
 * A page of all events in the order of the transactions that wrote them. Those of a transaction that began after one that still
 * runs are held back until that one has ended, since it may write an event that belongs before them.
 */
export async function readFeed(
  db: Db,
  after: FeedPlace,
  { types, limit }: { readonly types: readonly string[] | null; readonly limit: number },
): Promise<FeedPage> {
  const look = types === null ? limit + 1 : Math.max(LOOK, limit + 1);
  // One statement has one snapshot: what is before its xmin has ended for it and for everybody, and is seen or never was.
  const { rows } = await sql<Row>`
    select e.id, e.type, e.xid::text as xid, e.recorded_at from event e
    where (e.xid, e.id) > (${after.xid}::xid8, ${after.id}::uuid) and e.xid < pg_snapshot_xmin(pg_current_snapshot())
    order by e.xid, e.id limit ${look}`.execute(db);
  const wanted = rows.filter(({ type }) => types === null || types.some((pattern) => matchesEvent(pattern, type)));
  const page = wanted.slice(0, limit);
  const full = wanted.length > limit;
  const last = full ? page.at(-1) : rows.at(-1);
  const next = last === undefined ? after : { xid: last.xid, id: last.id };
  return { events: await readThese(db, page), next, more: full || rows.length === look };
}

/** Their times, here to the millisecond, say which month each is of. */
async function readThese(db: Db, rows: readonly Row[]): Promise<readonly ListedEvent[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const times = rows.map(({ recorded_at }) => new Date(recorded_at));
  return readEvents(
    db,
    sql`select e.*, u.place, e.recorded_at as order_at
      from unnest(${ids}::uuid[], ${times}::timestamptz[]) with ordinality u(id, recorded_at, place)
      join event e on e.id = u.id and e.recorded_at >= u.recorded_at
        and e.recorded_at < u.recorded_at + interval '1 millisecond'`,
    sql`order by e.place`,
  );
}

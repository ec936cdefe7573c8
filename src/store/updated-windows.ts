import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import type { LeadPage } from './lead-page.ts';

const HOUR_MS = 3_600_000;
const GROWTH = 8; // from an hour to six months in five steps

interface Bounds {
  readonly from: Instant | undefined; // inclusive
  readonly to: Instant | undefined; // exclusive
}

/**
 * Stretches of updated_at to look through one after the other, in the order of the page, until it is full. A b-tree on
 * updated_at would be written at every touch; the block ranges of BRIN find a short stretch without reading the table, and
 * cannot give an order.
 */
export async function updatedWindows(
  db: Db,
  { from, to }: Bounds,
  { sort, after, now }: Pick<LeadPage, 'sort' | 'after' | 'now'>,
): Promise<readonly (readonly RawBuilder<unknown>[])[]> {
  const newestFirst = sort === '-updated_at';
  const lowest = newestFirst || after === null ? from : Math.max(after.at, from ?? after.at);
  const highest = newestFirst && after !== null ? Math.min(after.at + 1, to ?? Infinity) : to;
  const start = newestFirst ? Math.min(highest ?? now, now) : (lowest ?? (await earliestUpdate(db, now)));
  const edges = edgesFrom(
    start,
    newestFirst ? -HOUR_MS : HOUR_MS,
    newestFirst ? (lowest ?? 0) : Math.min(highest ?? now, now),
  );
  const windows = pairs(newestFirst ? [...edges].reverse() : edges);
  const bounded = windows.map(([low, high], index) => {
    const first = index === 0 ? lowest : low;
    const last = index === windows.length - 1 ? highest : high;
    return [
      ...(first === undefined ? [] : [sql`l.updated_at >= ${new Date(first)}`]),
      ...(last === undefined ? [] : [sql`l.updated_at < ${new Date(last)}`]),
    ];
  });
  return newestFirst ? bounded.reverse() : bounded;
}

/** Moments from a start in growing steps, the last one beyond the end: at least one step. */
function edgesFrom(start: Instant, step: number, end: Instant): readonly Instant[] {
  const edges = [start];
  for (let edge = start + step, width = step; ; edge += width) {
    edges.push(edge);
    if (step < 0 ? edge <= end : edge >= end) return edges;
    width *= GROWTH;
  }
}

function pairs(edges: readonly Instant[]): readonly (readonly [Instant, Instant])[] {
  return edges.slice(1).map((edge, index) => [edges[index] ?? edge, edge]);
}

/** A moment before which hardly any lead was updated: leads come by sources, and sources are few. */
async function earliestUpdate(db: Db, now: Instant): Promise<Instant> {
  const row = await db
    .selectFrom('source')
    .select((it) => it.fn.min('created_at').as('at'))
    .executeTakeFirst();
  return row?.at ?? now;
}

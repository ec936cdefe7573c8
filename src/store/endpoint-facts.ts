import { type Selectable, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';
import type { EndpointHealthTable } from './tables-delivery.ts';

/** Most pending deliveries of an endpoint that are counted: about 3 ms of reading, however many there are. */
export const PENDING_COUNTED = 10_000;

/** How an endpoint is doing. */
export interface EndpointFacts {
  readonly failingSince: Instant | null; // first failure after the last success
  readonly lastSuccessAt: Instant | null;
  readonly lastFailureAt: Instant | null;
  readonly breaker: Selectable<EndpointHealthTable>['breaker'];
  readonly breakerUntil: Instant | null;
  readonly pending: number; // not settled, at most PENDING_COUNTED
  readonly pendingMore: boolean; // there are more
  readonly oldestPendingAt: Instant | null; // when the oldest of those counted was recorded
}

/** What is known of an endpoint that nothing has been sent to. */
export const NO_FACTS: EndpointFacts = {
  failingSince: null,
  lastSuccessAt: null,
  lastFailureAt: null,
  breaker: 'closed',
  breakerUntil: null,
  pending: 0,
  pendingMore: false,
  oldestPendingAt: null,
};

interface FactsRow extends Partial<Omit<Selectable<EndpointHealthTable>, 'endpoint_id' | 'updated_at'>> {
  readonly id: string;
  readonly pending: number;
  readonly oldest: Instant | null;
}

/** How endpoints are doing, by id: their health, and what waits for them in the order it is due. */
export async function readEndpointFacts(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, EndpointFacts>> {
  const { rows } = await sql<FactsRow>`
    select a.id, d.pending, d.oldest,
      h.failing_since, h.last_success_at, h.last_failure_at, h.breaker, h.breaker_until
    from unnest(${[...ids]}::uuid[]) a(id)
    left join endpoint_health h on h.endpoint_id = a.id
    cross join lateral (
      select count(*) as pending, min(w.created_at) as oldest
      from (
        select q.created_at from delivery_due q where q.endpoint_id = a.id
        order by q.due_at limit ${PENDING_COUNTED + 1}
      ) w
    ) d`.execute(db);
  return new Map(rows.map((row) => [row.id, factsOf(row)]));
}

/** Forgets that an endpoint has failed: what it did before a pause says nothing of it now. */
export async function resetHealth(tx: Tx, id: string, at: Instant): Promise<void> {
  const fresh = { failing_since: null, breaker: 'closed', breaker_until: null, updated_at: new Date(at) } as const;
  await tx
    .insertInto('endpoint_health')
    .values({ endpoint_id: id, ...fresh })
    .onConflict((it) => it.column('endpoint_id').doUpdateSet(fresh))
    .execute();
}

function factsOf(row: FactsRow): EndpointFacts {
  return {
    failingSince: row.failing_since ?? null,
    lastSuccessAt: row.last_success_at ?? null,
    lastFailureAt: row.last_failure_at ?? null,
    breaker: row.breaker ?? 'closed',
    breakerUntil: row.breaker_until ?? null,
    pending: Math.min(row.pending, PENDING_COUNTED),
    pendingMore: row.pending > PENDING_COUNTED,
    oldestPendingAt: row.oldest,
  };
}

import { type RawBuilder, sql } from 'kysely';
import { type Delivery, REDRIVEN_CLAIMS } from '../domain/delivery.ts';
import { likeOf } from '../domain/event-pattern.ts';
import type { Instant } from '../domain/instant.ts';
import type { Tx } from './database.ts';
import type { DeliveryPlace } from './delivery-list.ts';

/** Which of the deliveries at hand are sent again; what is left out is not asked for. */
export interface RedriveMatch {
  readonly states: readonly ('dead' | 'withheld' | 'parked')[];
  readonly eventType?: string; // a type, `lead.*`
  readonly reason?: string; // whole, or what stands before its colon
  readonly from?: Instant; // of the event's recording, inclusive
  readonly to?: Instant; // exclusive
}

/** What one step sent again, and where the next one goes on; null: there is nothing more. */
export interface RedriveStep<Place> {
  readonly redriven: number;
  readonly next: Place | null;
}

/** The place of a row in the queue of its endpoint. */
export interface DuePlace {
  readonly stream: string;
  readonly sequence: number;
  readonly id: string;
}

type Sql = RawBuilder<unknown>;

/** Puts up to `limit` deliveries of an endpoint that were given up back into the queue, beside the line, due at once. */
export async function redriveGivenUp(
  tx: Tx,
  endpointId: string,
  match: RedriveMatch,
  page: { readonly after: DeliveryPlace | null; readonly limit: number },
  now: Instant,
): Promise<RedriveStep<DeliveryPlace>> {
  const after =
    page.after === null ? sql`true` : sql`(d.failed_at, d.id) > (${new Date(page.after.at)}, ${page.after.id}::uuid)`;
  const picked = sql`select d.id, d.created_at, d.failed_at from delivery d
    where d.endpoint_id = ${endpointId} and d.failed_at is not null and ${after} and ${matching(match)} and ${HAS_EVENT}
    order by d.failed_at, d.id limit ${page.limit} for update skip locked`;
  const rows = await requeue(tx, picked, now);
  const last = rows.at(-1);
  const next = last === undefined || rows.length < page.limit ? null : { at: last.failed_at, id: last.id };
  return { redriven: rows.length, next };
}

/** Makes up to `limit` parked deliveries of an endpoint due at once, as if they were tried for the first time. */
export async function redriveParked(
  tx: Tx,
  endpointId: string,
  match: RedriveMatch,
  page: { readonly after: DuePlace | null; readonly limit: number },
  now: Instant,
): Promise<RedriveStep<DuePlace>> {
  const { after } = page;
  const beyond =
    after === null
      ? sql`true`
      : sql`(q.stream, q.sequence, q.delivery_id) > (${after.stream}::uuid, ${after.sequence}, ${after.id}::uuid)`;
  const rows = await restart(
    tx,
    sql`select q.endpoint_id, q.stream, q.sequence, q.delivery_id, q.created_at from delivery_due q
      join delivery d on d.id = q.delivery_id and d.created_at = q.created_at
      where q.endpoint_id = ${endpointId} and not q.blocking and ${FREE} and ${beyond} and ${matching(match)}
      order by q.stream, q.sequence, q.delivery_id limit ${page.limit} for update of q skip locked`,
    now,
  );
  const last = rows.at(-1);
  const next =
    last === undefined || rows.length < page.limit
      ? null
      : { stream: last.stream, sequence: last.sequence, id: last.delivery_id };
  return { redriven: rows.length, next };
}

/** Sends the deliveries given again, those of them that match and that nobody is working on; answers how many. */
export async function redriveThese(
  tx: Tx,
  deliveries: readonly Pick<Delivery, 'id' | 'createdAt'>[],
  match: RedriveMatch,
  now: Instant,
): Promise<number> {
  const ids = deliveries.map(({ id }) => id);
  const times = deliveries.map(({ createdAt }) => new Date(createdAt));
  const these = sql`unnest(${ids}::uuid[], ${times}::timestamptz[]) u(id, created_at)
    join delivery d on d.id = u.id and d.created_at = u.created_at`;
  const present = sql`d.endpoint_id in (select p.id from endpoint p where p.state <> 'deleted')`;
  const parked = await restart(
    tx,
    sql`select q.endpoint_id, q.stream, q.sequence, q.delivery_id, q.created_at from ${these}
      join delivery_due q on q.endpoint_id = d.endpoint_id
        and q.stream = coalesce(d.lead_id, d.customer_id, d.event_id) and q.delivery_id = d.id
      where ${present} and ${FREE} and ${matching(match)}
      order by q.endpoint_id, q.stream, q.sequence, q.delivery_id for update of q skip locked`,
    now,
  );
  const givenUp = await requeue(
    tx,
    sql`select d.id, d.created_at, d.failed_at from ${these}
      where ${present} and d.failed_at is not null and ${matching(match)} and ${HAS_EVENT}
      order by d.id for update of d skip locked`,
    now,
  );
  return parked.length + givenUp.length;
}

const FREE = sql`(q.lease_until is null or q.lease_until <= clock_timestamp())`;
// What a body is made of may be past its own retention.
const HAS_EVENT = sql`exists (select from event e where e.id = d.event_id and e.recorded_at = d.created_at)`;

function matching({ states, eventType, reason, from, to }: RedriveMatch): Sql {
  return sql.join(
    [
      sql`d.state = any(${states}::text[])`,
      ...(eventType === undefined ? [] : [sql`d.event_type like ${likeOf(eventType)}`]),
      ...(reason === undefined ? [] : [sql`(d.reason = ${reason} or split_part(d.reason, ':', 1) = ${reason})`]),
      ...(from === undefined ? [] : [sql`d.created_at >= ${new Date(from)}`]),
      ...(to === undefined ? [] : [sql`d.created_at < ${new Date(to)}`]),
    ],
    sql` and `,
  );
}

interface Picked {
  readonly id: string;
  readonly failed_at: Instant;
}

/** Bodies stay, so that the same bytes are sent under the same id. */
async function requeue(tx: Tx, picked: Sql, now: Instant): Promise<readonly Picked[]> {
  const { rows } = await sql<Picked>`
    with picked as materialized (${picked}),
    fresh as (
      update delivery d set state = 'pending', reason = null, attempts = 0, settled_at = null, failed_at = null
      from picked p where d.id = p.id and d.created_at = p.created_at
      returning d.id, d.created_at, d.endpoint_id, d.event_id, d.lead_id, d.customer_id, d.sequence
    ),
    due as (
      insert into delivery_due
        (endpoint_id, stream, sequence, delivery_id, created_at, event_id, due_at, claims, blocking)
      select f.endpoint_id, coalesce(f.lead_id, f.customer_id, f.event_id),
        case when f.lead_id is null then 0 else coalesce(f.sequence, 0) end, f.id, f.created_at, f.event_id, ${new Date(now)},
        coalesce((select max(a.number) from attempt a where a.delivery_id = f.id and a.created_at = f.created_at), 0)
          + ${REDRIVEN_CLAIMS}::integer, false
      from fresh f on conflict do nothing
    )
    select id, failed_at from picked order by failed_at, id`.execute(tx);
  return rows;
}

interface Restarted {
  readonly stream: string;
  readonly sequence: number;
  readonly delivery_id: string;
}

async function restart(tx: Tx, picked: Sql, now: Instant): Promise<readonly Restarted[]> {
  const { rows } = await sql<Restarted>`
    with picked as materialized (${picked}),
    back as (
      update delivery_due q set due_at = ${new Date(now)}, attempts = 0, first_attempt_at = null, lease_until = null,
        claims = q.claims + ${REDRIVEN_CLAIMS}::integer
      from picked p where q.endpoint_id = p.endpoint_id and q.stream = p.stream and q.sequence = p.sequence
        and q.delivery_id = p.delivery_id
    ),
    fresh as (
      update delivery d set state = 'pending', reason = null, attempts = 0
      from picked p where d.id = p.delivery_id and d.created_at = p.created_at
    )
    select stream, sequence, delivery_id from picked order by stream, sequence, delivery_id`.execute(tx);
  return rows;
}

import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Delivery, DeliveryState } from '../domain/delivery.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import { deliveryIdSql } from './delivery-id.ts';
import { eventsOfCustomer, eventsOfLead } from './person-events.ts';
import type { DeliveryTable } from './tables-delivery.ts';

/**
 * Which deliveries to list; what is left out is not asked for, and of event, lead and customer at most one is. Times are those of
 * the event's recording, `to` not included.
 */
export interface DeliveryFilter {
  readonly endpointId?: string;
  readonly eventId?: string;
  readonly leadId?: string;
  readonly customerId?: string;
  readonly states?: readonly DeliveryState[];
  readonly from?: Instant;
  readonly to?: Instant;
}

/** The place of a delivery in the order of a list. */
export interface DeliveryPlace {
  readonly at: Instant;
  readonly id: string;
}

/** What a list is in the order of, newest first: when the event was recorded, or when it was given up. */
export type DeliveryOrder = 'created' | 'failed';

type Sql = RawBuilder<unknown>;

const FAILED: readonly DeliveryState[] = ['dead', 'withheld', 'cancelled'];
const WAITING: readonly DeliveryState[] = ['pending', 'parked'];

/** What a list of a filter is in the order of: those given up alone by when they were, everything else by its event. */
export function deliveryOrder({ eventId, leadId, customerId, states }: DeliveryFilter): DeliveryOrder {
  const ofPerson = eventId !== undefined || leadId !== undefined || customerId !== undefined;
  return !ofPerson && only(states, FAILED) ? 'failed' : 'created';
}

/** A page of deliveries, newest first. */
export async function listDeliveries(
  db: Db,
  filter: DeliveryFilter,
  page: { readonly after: DeliveryPlace | null; readonly limit: number },
): Promise<readonly Delivery[]> {
  const endpoints = filter.endpointId === undefined ? sql`endpoint` : sql`(select ${filter.endpointId}::uuid as id)`;
  const { from, order } = await wayOf(db, filter, page, endpoints);
  const { rows } = await sql<Selectable<DeliveryTable>>`
    select d.* from ${from} order by ${order} limit ${page.limit}`.execute(db);
  return rows.map(deliveryOf);
}

/** Finds one delivery; its id does not say which month it is of. */
export async function findDelivery(db: Db, id: string): Promise<Delivery | null> {
  const row = await db.selectFrom('delivery').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : deliveryOf(row);
}

interface Page {
  readonly after: DeliveryPlace | null;
  readonly limit: number;
}

const BY_CREATED = sql`d.created_at desc, d.id desc`;
const BY_FAILED = sql`d.failed_at desc, d.id desc`;

/** Where the rows are found: through the events of somebody, else endpoint by endpoint through the index that fits the states. */
async function wayOf(db: Db, filter: DeliveryFilter, page: Page, endpoints: Sql): Promise<{ from: Sql; order: Sql }> {
  const events = await eventsOf(db, filter);
  const beyond = page.after === null ? [] : [before(sql`d.created_at`, sql`d.id`, page.after)];
  const where = [...conditionsOf(filter), ...beyond];
  if (events !== null) {
    const id = sql.raw(deliveryIdSql('e.id', 'p.id'));
    const of = [sql`d.id = ${id} and d.created_at = e.recorded_at`, ...where];
    // LIMIT inside keeps each a probe of the primary key: there is at most one.
    const found = sql`(select * from delivery d where ${all(of)} limit 1) d`;
    return { from: sql`(${events}) e cross join ${endpoints} p cross join lateral ${found}`, order: BY_CREATED };
  }
  const each = (rows: Sql): Sql => sql`${endpoints} p cross join lateral (${rows}) d`;
  const own = sql`d.endpoint_id = p.id`;
  if (deliveryOrder(filter) === 'failed') {
    const later = page.after === null ? [] : [before(sql`d.failed_at`, sql`d.id`, page.after)];
    const given = [own, sql`d.failed_at is not null`, ...conditionsOf(filter), ...later];
    const rows = sql`select * from delivery d where ${all(given)} order by ${BY_FAILED} limit ${page.limit}`;
    return { from: each(rows), order: BY_FAILED };
  }
  if (only(filter.states, WAITING)) return { from: each(waiting(filter, page, where)), order: BY_CREATED };
  const rows = sql`select * from delivery d where ${all([own, ...where])} order by ${BY_CREATED} limit ${page.limit}`;
  return { from: each(rows), order: BY_CREATED };
}

/** What waits, through the queue: it is short, or else the endpoint is what an operator has to look at anyway. */
function waiting(filter: DeliveryFilter, { after, limit }: Page, where: readonly Sql[]): Sql {
  const range = [
    sql`q.endpoint_id = p.id`,
    ...rangeOf(sql`q.created_at`, filter),
    ...(after === null ? [] : [before(sql`q.created_at`, sql`q.delivery_id`, after)]),
  ];
  // Every row of the queue is pending or parked: asked for both, no more rows are needed than the page has.
  const enough = WAITING.every((state) => filter.states?.includes(state)) ? sql`limit ${limit}` : sql``;
  return sql`select d.* from (
      select delivery_id, created_at from delivery_due q where ${all(range)}
      order by q.created_at desc, q.delivery_id desc ${enough}
    ) q
    cross join lateral (
      select * from delivery d where d.id = q.delivery_id and d.created_at = q.created_at and ${all(where)} limit 1
    ) d order by ${BY_CREATED} limit ${limit}`;
}

async function eventsOf(db: Db, { eventId, leadId, customerId, ...range }: DeliveryFilter): Promise<Sql | null> {
  const recorded = all(rangeOf(sql`e.recorded_at`, range));
  if (eventId !== undefined)
    return sql`select e.id, e.recorded_at from event e where e.id = ${eventId} and ${recorded}`;
  if (leadId !== undefined) return sql`${await eventsOfLead(db, leadId)} and ${recorded}`;
  if (customerId !== undefined) return sql`${await eventsOfCustomer(db, customerId)} and ${recorded}`;
  return null;
}

function conditionsOf({ states, ...range }: DeliveryFilter): readonly Sql[] {
  return [
    ...rangeOf(sql`d.created_at`, range),
    ...(states === undefined ? [] : [sql`d.state = any(${states}::text[])`]),
  ];
}

function rangeOf(column: Sql, { from, to }: Pick<DeliveryFilter, 'from' | 'to'>): readonly Sql[] {
  return [
    ...(from === undefined ? [] : [sql`${column} >= ${new Date(from)}`]),
    ...(to === undefined ? [] : [sql`${column} < ${new Date(to)}`]),
  ];
}

function before(at: Sql, id: Sql, after: DeliveryPlace): Sql {
  return sql`(${at}, ${id}) < (${new Date(after.at)}, ${after.id}::uuid)`;
}

function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
}

function only(states: readonly DeliveryState[] | undefined, allowed: readonly DeliveryState[]): boolean {
  return states !== undefined && states.length > 0 && states.every((state) => allowed.includes(state));
}

function deliveryOf(row: Selectable<DeliveryTable>): Delivery {
  return {
    id: row.id,
    createdAt: row.created_at,
    endpointId: row.endpoint_id,
    eventId: row.event_id,
    eventType: row.event_type,
    customerId: row.customer_id,
    leadId: row.lead_id,
    sequence: row.sequence,
    previousSequence: row.previous_sequence,
    state: row.state,
    reason: row.reason,
    attempts: row.attempts,
    lastAttemptAt: row.last_attempt_at,
    lastStatus: row.last_status,
    settledAt: row.settled_at,
  };
}

import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db } from './database.ts';
import type { EventTable, SubmissionTable } from './tables.ts';

/** The submission that an event follows from. */
export interface EventSubmission
  extends Pick<
    Selectable<SubmissionTable>,
    'id' | 'source_id' | 'external_id' | 'decision' | 'rule' | 'policy_version' | 'mode' | 'occurred_at' | 'received_at'
  > {
  readonly source_name: string | null;
}

/** An event with its submission; `orderAt` is the time that it is ordered by. */
export interface ListedEvent extends Omit<Selectable<EventTable>, 'xid' | 'version'> {
  readonly orderAt: Instant;
  readonly submission: EventSubmission | null;
}

/** The place of an event in its order. */
export interface EventPlace {
  readonly at: Instant;
  readonly sequence: number; // 0: of no lead
  readonly id: string;
}

/** Whose events: the leads, and every customer id under which something may have been written about them. */
export interface EventHolder {
  readonly leadIds: readonly string[];
  readonly customerIds: readonly string[];
}

/**
 * A page of the events of a lead and of those merged into it, in sequence; two leads together go by the time of recording. Two
 * processes write one lead's events under clocks that differ, so its times are made to follow its sequence. It reads all events
 * of the lead for each page.
 */
export async function listLeadEvents(
  db: Db,
  { leadIds, customerIds }: EventHolder,
  page: { readonly after: EventPlace | null; readonly limit: number },
): Promise<readonly ListedEvent[]> {
  const beyond =
    page.after === null
      ? sql`true`
      : sql`(order_at, place, id) > (${new Date(page.after.at)}, ${page.after.sequence}, ${page.after.id}::uuid)`;
  return readEvents(
    db,
    sql`select * from (
      select e.*, coalesce(e.sequence, 0) as place,
        max(e.recorded_at) over (partition by e.lead_id order by e.sequence, e.id rows unbounded preceding) as order_at
      from event e where e.customer_id = any(${customerIds}::uuid[]) and e.lead_id = any(${leadIds}::uuid[])
    ) e where ${beyond} order by order_at, place, id limit ${page.limit}`,
    sql`order by e.order_at, e.place, e.id`,
  );
}

/**
 * A page of what happened to a customer, newest first: the events of the leads given, and those of the customer that are of no
 * lead, under any of its own ids `members`.
 */
export async function listCustomerEvents(
  db: Db,
  { leadIds, customerIds }: EventHolder,
  members: readonly string[],
  page: { readonly after: EventPlace | null; readonly limit: number },
): Promise<readonly ListedEvent[]> {
  const beyond = page.after === null ? sql`true` : before(page.after);
  const order = sql`order by e.recorded_at desc, coalesce(e.sequence, 0) desc, e.id desc limit ${page.limit}`;
  const own = sql`e.lead_id is null and e.customer_id = any(${members}::uuid[])`;
  return readEvents(
    db,
    sql`select e.*, coalesce(e.sequence, 0) as place, e.recorded_at as order_at from unnest(${customerIds}::uuid[]) c(id)
      cross join lateral (
        select * from event e
        where e.customer_id = c.id and (e.lead_id = any(${leadIds}::uuid[]) or ${own}) and ${beyond} ${order}
      ) e ${order}`,
    sql`order by e.order_at desc, e.place desc, e.id desc`,
  );
}

function before({ at, sequence, id }: EventPlace): RawBuilder<unknown> {
  return sql`e.recorded_at <= ${new Date(at)}
    and (e.recorded_at, coalesce(e.sequence, 0), e.id) < (${new Date(at)}, ${sequence}, ${id}::uuid)`;
}

interface Row extends Omit<Selectable<EventTable>, 'xid' | 'version'> {
  order_at: Instant;
  of_id: string | null;
  of_source_id: string;
  of_source_name: string | null;
  of_external_id: string | null;
  of_decision: string;
  of_rule: string;
  of_policy_version: number;
  of_mode: 'live' | 'history';
  of_occurred_at: Instant;
  of_received_at: Instant;
}

/** Reads events with their submissions: `page` selects their columns, `place` and `order_at`. */
export async function readEvents(
  db: Db,
  page: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
): Promise<readonly ListedEvent[]> {
  const { rows } = await sql<Row>`
    select e.*, s.id as of_id, s.source_id as of_source_id, source.name as of_source_name, s.external_id as of_external_id,
      s.decision as of_decision, s.rule as of_rule, s.policy_version as of_policy_version, s.mode as of_mode,
      s.occurred_at as of_occurred_at, s.received_at as of_received_at
    from (${page}) e
    left join submission s on s.id = e.submission_id
    left join source on source.id = s.source_id ${order}`.execute(db);
  return rows.map((row) => ({ ...row, orderAt: row.order_at, submission: submissionOf(row) }));
}

function submissionOf(row: Row): EventSubmission | null {
  if (row.of_id === null) return null;
  return {
    id: row.of_id,
    source_id: row.of_source_id,
    source_name: row.of_source_name,
    external_id: row.of_external_id,
    decision: row.of_decision,
    rule: row.of_rule,
    policy_version: row.of_policy_version,
    mode: row.of_mode,
    occurred_at: row.of_occurred_at,
    received_at: row.of_received_at,
  };
}

import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Tx } from './database.ts';
import { deliveryIdSql } from './delivery-id.ts';
import { eventsOfTraces, type Traces } from './person-events.ts';

/** A delivery that tells of a person. */
export interface PersonDelivery {
  readonly id: string;
  readonly created_at: Instant;
  readonly endpoint_id: string;
  readonly stream: string;
  readonly own: boolean; // of the person as it is now: not only of one that it was once merged with
}

// What receivers must hear of somebody who is gone: to erase too, and what may not be done with what they keep.
const STILL_SENT = ['lead.erased', 'customer.consent_changed'];
// A submission that came to nobody is told of when it is written, which is moments after it was received.
const TOLD_WITHIN = sql`interval '3 days'`;

/** Every delivery of the events of a person, and of those of submissions in quarantine; no lock is taken. */
export async function deliveriesOfPerson(
  tx: Tx,
  traces: Traces,
  submissionIds: readonly string[],
): Promise<readonly PersonDelivery[]> {
  const { rows } = await sql<PersonDelivery>`
    select d.id, d.created_at, d.endpoint_id, coalesce(d.lead_id, d.customer_id, d.event_id) as stream,
      d.lead_id is null and (d.customer_id is null or d.customer_id = any(${traces.family}::uuid[]))
        or d.lead_id in (select l.id from lead l where l.customer_id = any(${traces.family}::uuid[])) as own
    from (
      ${eventsOfTraces(traces)}
      union all
      select e.id, e.recorded_at from quarantine z join event e on e.customer_id is null and e.submission_id = z.submission_id
        and e.recorded_at between z.created_at - interval '1 minute' and z.created_at + ${TOLD_WITHIN}
      where z.submission_id = any(${submissionIds}::uuid[])
    ) e
    cross join endpoint p
    cross join lateral (
      select * from delivery d where d.id = ${sql.raw(deliveryIdSql('e.id', 'p.id'))} and d.created_at = e.recorded_at limit 1
    ) d`.execute(tx);
  return rows;
}

/**
 * Cancels what is still to be sent of a person, and what could be sent again. A worker that has taken one settles it no more: its
 * row of the queue is gone, or it has been settled before this goes on.
 */
export async function cancelDeliveries(tx: Tx, deliveries: readonly PersonDelivery[], now: Instant): Promise<void> {
  if (deliveries.length === 0) return;
  const these = unnested(deliveries);
  const at = new Date(now);
  // First those that a redrive may be putting back into the queue this moment: then their rows there are seen below.
  await sql`update delivery d set state = 'cancelled', reason = 'erased', settled_at = ${at}, failed_at = ${at}
    from ${these} where d.id = u.id and d.created_at = u.created_at
      and d.state in ('dead', 'withheld') and d.event_type <> all(${STILL_SENT}::text[])`.execute(tx);
  await sql`
    with held as materialized (
      select q.endpoint_id, q.stream, q.sequence, q.delivery_id, q.created_at from ${these}
      join delivery_due q on q.endpoint_id = u.endpoint_id and q.stream = u.stream and q.delivery_id = u.id
      join delivery d on d.id = u.id and d.created_at = u.created_at and d.event_type <> all(${STILL_SENT}::text[])
      order by q.endpoint_id, q.stream, q.sequence, q.delivery_id for update of q
    ),
    gone as (
      delete from delivery_due q using held h where q.endpoint_id = h.endpoint_id and q.stream = h.stream
        and q.sequence = h.sequence and q.delivery_id = h.delivery_id
    )
    update delivery d set state = 'cancelled', reason = 'erased', settled_at = ${at}, failed_at = ${at}
    from held h where d.id = h.delivery_id and d.created_at = h.created_at`.execute(tx);
}

/** Deletes what was sent, or was about to be, and what receivers answered to it. That it was sent, when and to whom stays. */
export async function eraseSent(tx: Tx, deliveries: readonly PersonDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  const these = unnested(deliveries);
  await sql`delete from delivery_body b using ${these}
    where b.delivery_id = u.id and b.created_at = u.created_at`.execute(tx);
  await sql`update attempt a set excerpt = null from ${these}
    where a.delivery_id = u.id and a.created_at = u.created_at and a.excerpt is not null`.execute(tx);
}

function unnested(deliveries: readonly PersonDelivery[]): RawBuilder<unknown> {
  const ids = deliveries.map(({ id }) => id);
  const times = deliveries.map(({ created_at }) => new Date(created_at));
  const endpoints = deliveries.map(({ endpoint_id }) => endpoint_id);
  const streams = deliveries.map(({ stream }) => stream);
  return sql`unnest(${ids}::uuid[], ${times}::timestamptz[], ${endpoints}::uuid[], ${streams}::uuid[])
    u(id, created_at, endpoint_id, stream)`;
}

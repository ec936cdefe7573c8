import { deliveryIdSql } from './delivery-id.ts';

/** What of a written event the fan-out goes by. */
export const TOLD = 'id, type, subject_id, customer_id, lead_id, sequence, submission_id, recorded_at, data';

const OF_LEAD = (condition: string): string => `exists (select from lead l where l.id = e.lead_id and (${condition}))`;

// Of the event's submission, or of the lead's first or last source: a lead that began in a channel stays of that channel for
// those who follow it, whatever touches it later.
const CHANNEL = `(p.channels is null or e.data->>'channel' = any(p.channels)
  or ${OF_LEAD("l.first_source->>'channel' = any(p.channels) or l.last_source->>'channel' = any(p.channels)")})`;
const SOURCE = `(p.sources is null or (select s.source_id from submission s where s.id = e.submission_id) = any(p.sources)
  or ${OF_LEAD("(l.first_source->>'source_id')::uuid = any(p.sources) or (l.last_source->>'source_id')::uuid = any(p.sources)")})`;
const STORE = `(p.stores is null or ${OF_LEAD('l.store = any(p.stores)')})`;
const RATING = `(p.ratings is null or ${OF_LEAD('l.rating = any(p.ratings)')})`;
const WANTED = `e.type like any(p.patterns) and ${CHANNEL} and ${SOURCE} and ${STORE} and ${RATING}`;
// Whoever was ever given a person has to hear that the person is erased.
const ERASED = `e.type = 'lead.erased' and exists (select from provision v
  where v.stream = coalesce(e.lead_id, e.customer_id) and v.endpoint_id = p.id)`;

/**
 * An insert into `event` that returns `TOLD`, with what makes the deliveries of it: to every endpoint that is not deleted and
 * wants the event. Endpoints are read by the same statement, so one saved a moment ago is not missed. Old data that is taken in as
 * history makes no delivery. Rows of `provision` are taken in the order in which settling takes them.
 */
export function fanOut(insert: string): string {
  return `with e as (${insert}),
    fan as (
      select p.id as endpoint_id, e.id as event_id, e.type, e.customer_id, e.lead_id, e.sequence, e.recorded_at,
        coalesce(e.lead_id, e.customer_id, e.id) as stream,
        case when e.lead_id is null then 0 else coalesce(e.sequence, 0) end as place,
        p.ordered and e.lead_id is not null and e.sequence is not null as blocking,
        ${deliveryIdSql('e.id', 'p.id')} as delivery_id
      from e cross join endpoint p
      where p.state <> 'deleted' and p.id <> e.subject_id and coalesce(e.data->>'mode', '') <> 'history'
        and (${WANTED} or ${ERASED})
    ),
    told as (
      select fan.*, case when place > 0 then coalesce(
          lag(place) over (partition by endpoint_id, stream order by place),
          (select v.last_sequence from provision v
            where v.stream = fan.stream and v.endpoint_id = fan.endpoint_id and v.last_sequence > 0)) end as previous
      from fan
    ),
    due as (
      insert into delivery_due (endpoint_id, stream, sequence, delivery_id, created_at, event_id, due_at, blocking)
      select endpoint_id, stream, place, delivery_id, recorded_at, event_id, recorded_at, blocking from told
    ),
    given as (
      insert into provision (stream, endpoint_id, customer_id, last_sequence)
      select stream, endpoint_id, min(customer_id::text)::uuid, max(place) from told where customer_id is not null
      group by stream, endpoint_id order by stream, endpoint_id
      on conflict (stream, endpoint_id) do update set last_sequence = excluded.last_sequence, customer_id = excluded.customer_id
    )
    insert into delivery
      (id, created_at, endpoint_id, event_id, event_type, customer_id, lead_id, sequence, previous_sequence, state)
    select delivery_id, recorded_at, endpoint_id, event_id, type, customer_id, lead_id, sequence, previous, 'pending' from told`;
}

import type { FinalState } from '../domain/delivery.ts';
import type { Instant } from '../domain/instant.ts';
import { plain, texts, times } from './column.ts';
import type { Held } from './delivery-claim.ts';
import type { Session } from './session.ts';

/** What became of a claimed delivery. */
export interface Settlement {
  readonly held: Held;
  readonly state: FinalState | 'pending' | 'parked';
  readonly dueAt: Instant; // of pending and parked: when it is tried again
  readonly refund: 0 | 1; // attempts given back
  readonly blocking: boolean; // whether later events of its lead still wait for it
  readonly reason: string | null;
  readonly attempt: SettledAttempt | null; // null: nothing was tried; one that is not final is given back as it was
  readonly given: Given | null; // of delivered: to whom and what for
}

/** What the provision ledger keeps beside the times. */
export interface Given {
  readonly recipient: string | null;
  readonly purpose: string | null;
  readonly payload: string;
}

export interface SettledAttempt {
  readonly at: Instant;
  readonly duration: number; // milliseconds
  readonly result: string;
  readonly status: number | null;
  readonly excerpt: string | null;
}

/** What settling did. */
export interface Settled {
  readonly mine: number; // of those given, how many were still held
  readonly opened: readonly string[]; // endpoints for which something has become due by it
}

// A row that another worker has claimed since keeps that claim; only the attempt is written, since it was made.
// `provision` is locked in the order in which the fan-out takes it, and by one statement.
// What is given is in the locking itself: joined again, 500 rows are 250,000 look-ups, since the planner expects one.
const SETTLE = {
  name: 'settle_deliveries',
  text: `with u as materialized (
      select *, state in ('delivered','dead','withheld','cancelled') as final
      from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::uuid[], $5::timestamptz[], $6::integer[], $7::text[], $8::timestamptz[],
        $9::integer[], $10::boolean[], $11::text[], $12::timestamptz[], $13::integer[], $14::text[], $15::smallint[], $16::text[],
        $17::text[], $18::text[], $19::text[])
        u(endpoint_id, stream, sequence, delivery_id, created_at, claims, state, due_at, refund, blocking, reason, at, duration,
          result, status, excerpt, recipient, purpose, payload)
    ),
    held as materialized (
      select u.*, d.attempts, d.blocking as blocked from u join delivery_due d on d.endpoint_id = u.endpoint_id
        and d.stream = u.stream and d.sequence = u.sequence and d.delivery_id = u.delivery_id and d.claims = u.claims
      for update of d
    ),
    gone as (
      delete from delivery_due d using held h where h.final
        and d.endpoint_id = h.endpoint_id and d.stream = h.stream and d.sequence = h.sequence and d.delivery_id = h.delivery_id
    ),
    moved as (
      update delivery_due d set due_at = h.due_at, lease_until = null, attempts = d.attempts - h.refund, blocking = h.blocking,
        first_attempt_at = case when h.at is null and d.attempts <= h.refund then null else d.first_attempt_at end
      from held h where not h.final
        and d.endpoint_id = h.endpoint_id and d.stream = h.stream and d.sequence = h.sequence and d.delivery_id = h.delivery_id
    ),
    told as (
      update delivery d set state = case when h.final then h.state when h.at is null or d.state = 'parked' then d.state else h.state end,
        reason = case when h.final or h.at is not null then h.reason else d.reason end, attempts = h.attempts - h.refund,
        last_attempt_at = coalesce(h.at, d.last_attempt_at), last_status = case when h.at is null then d.last_status else h.status end,
        settled_at = case when h.final then $20::timestamptz end,
        failed_at = case when h.final and h.state <> 'delivered' then $20::timestamptz end
      from held h where d.id = h.delivery_id and d.created_at = h.created_at
    ),
    tried as (
      insert into attempt (delivery_id, created_at, number, endpoint_id, at, duration, result, status, excerpt)
      select delivery_id, created_at, claims, endpoint_id, at, duration, result, status,
        case when delivery_id in (select h.delivery_id from held h) then excerpt end -- the person may have been erased meanwhile
      from u where at is not null
      on conflict do nothing
    ),
    receiver as materialized (
      select g.* from (
        select stream, endpoint_id, count(*) as sent, max(at) as at, max(recipient) as recipient, max(purpose) as purpose,
          max(payload) as payload from held where state = 'delivered' group by stream, endpoint_id
      ) g join provision v on v.stream = g.stream and v.endpoint_id = g.endpoint_id
      order by v.stream, v.endpoint_id for update of v
    ),
    given as (
      update provision v set sent = v.sent + r.sent, first_sent_at = coalesce(v.first_sent_at, r.at), last_sent_at = r.at,
        recipient = r.recipient, purpose = r.purpose, payload = r.payload
      from receiver r where v.stream = r.stream and v.endpoint_id = r.endpoint_id
    ),
    next as (
      update delivery_due n set due_at = $20
      from held h where h.blocked and (h.final or not h.blocking)
        and n.endpoint_id = h.endpoint_id and n.stream = h.stream and n.blocking and n.lease_until is null and n.due_at > $20
        and n.sequence = (select min(m.sequence) from delivery_due m where m.endpoint_id = h.endpoint_id and m.stream = h.stream
          and m.sequence > h.sequence and m.blocking)
      returning n.endpoint_id
    )
    select (select count(*) from held)::integer as mine, array(select distinct endpoint_id::text from next) as opened`,
};

/** Settles deliveries under their fence, in one statement for any number: result, next time, attempt, and who was given whom. */
export async function settleDeliveries(
  session: Session,
  settlements: readonly Settlement[],
  now: Instant,
): Promise<Settled> {
  const column = <T>(of: (settlement: Settlement) => T): readonly T[] => settlements.map(of);
  const [row] = await session.run<{ mine: number; opened: string[] }>(SETTLE, [
    plain(column(({ held }) => held.endpointId)),
    plain(column(({ held }) => held.stream)),
    plain(column(({ held }) => held.sequence)),
    plain(column(({ held }) => held.deliveryId)),
    times(column(({ held }) => held.createdAt)),
    plain(column(({ held }) => held.claims)),
    plain(column(({ state }) => state)),
    times(column(({ dueAt }) => dueAt)),
    plain(column(({ refund }) => refund)),
    plain(column(({ blocking }) => blocking)),
    texts(column(({ reason }) => reason)),
    times(column(({ attempt }) => attempt?.at ?? null)),
    plain(column(({ attempt }) => attempt?.duration)),
    texts(column(({ attempt }) => attempt?.result)),
    plain(column(({ attempt }) => attempt?.status)),
    texts(column(({ attempt }) => attempt?.excerpt)),
    texts(column(({ given }) => given?.recipient)),
    texts(column(({ given }) => given?.purpose)),
    texts(column(({ given }) => given?.payload)),
    new Date(now),
  ]);
  return { mine: row?.mine ?? 0, opened: row?.opened ?? [] };
}

import type { EventDraft } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import { plain, times } from './column.ts';
import { FACTS, FACTS_JOINS, type Facts, type FactsRow, factsOf } from './delivery-facts.ts';
import type { Session } from './session.ts';

/** How many deliveries of one endpoint a worker can take, and for how long it keeps them to itself. */
export interface Want {
  readonly endpointId: string;
  readonly slots: number;
  readonly look: number; // at how many rows that are due, at least as many as slots: some may wait for others
  readonly from: Instant | null; // what was due before it is not looked at; null: everything is
  readonly leaseMs: number;
  readonly holdMs: number; // since its first attempt, an event that fails holds back those behind it for so long at most
  readonly consent: 'ask' | 'skip'; // whether the endpoint's purpose needs the person's consent at every attempt
}

/** Which row of the queue a worker holds; it settles it by all of this. */
export interface Held {
  readonly endpointId: string;
  readonly stream: string;
  readonly sequence: number;
  readonly deliveryId: string;
  readonly createdAt: Instant;
  readonly claims: number; // the fence: a later claim has another
}

/** An event as it was written. */
export interface ClaimedEvent
  extends Pick<EventDraft, 'id' | 'subjectId' | 'customerId' | 'leadId' | 'sequence' | 'data'> {
  readonly type: string;
  readonly version: number;
  readonly subjectKind: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly submissionId: string | null;
  readonly rule: string | null;
  readonly policyVersion: number | null;
}

/** A delivery that a worker has to itself until its lease ends. */
export interface Claimed {
  readonly held: Held;
  readonly attempts: number; // with this one
  readonly firstAttemptAt: Instant;
  readonly blocking: boolean;
  readonly previousSequence: number | null;
  readonly endpointVersion: number; // as it was when this was claimed
  readonly event: ClaimedEvent;
  readonly body: { readonly contentType: string; readonly body: Buffer; readonly sealed: boolean } | null; // null: not rendered yet
  readonly facts: Facts | null; // null: sealed under a key that is not here
}

// Rows that wait for an earlier one of their lead are looked at once and then moved behind it, so that they do not lie in front
// of the others at every claim. While the earlier one is under way that is a quarter of a second; settling it brings them back.
// What belongs to a claimed row is fenced (offset 0): planned while a table was empty, a join read all of it, 1.7 s a claim.
// clock_timestamp(): one clock for leases.
const CLAIM = {
  name: 'claim_deliveries',
  text: `with want as materialized (
      select endpoint_id, slots, look, since, consent,
        lease_ms * interval '1 millisecond' as lease, hold_ms * interval '1 millisecond' as hold
      from unnest($1::uuid[], $2::integer[], $3::integer[], $4::integer[], $5::boolean[], $7::integer[], $8::timestamptz[])
        w(endpoint_id, slots, lease_ms, hold_ms, consent, look, since)
    ),
    looked as materialized (
      select d.*, w.slots, w.lease, w.consent, p.version as endpoint_version, h.due_at as head_due, h.lease_until as head_lease, h.until as head_until
      from want w
      join endpoint p on p.id = w.endpoint_id and p.state = 'active'
      cross join lateral (
        select * from delivery_due d
        where d.endpoint_id = w.endpoint_id and d.due_at <= $6 and d.due_at >= w.since
          and (d.lease_until is null or d.lease_until <= clock_timestamp())
        order by d.due_at limit w.look for update skip locked
      ) d
      left join lateral (
        select h.due_at, h.lease_until, h.first_attempt_at + w.hold as until from delivery_due h
        where h.endpoint_id = d.endpoint_id and h.stream = d.stream and h.sequence < d.sequence and h.blocking
          and (h.first_attempt_at is null or h.first_attempt_at + w.hold > $6)
        order by h.sequence limit 1
      ) h on d.blocking
    ),
    counted as materialized (
      select endpoint_id, count(*)::integer as looked, count(head_due)::integer as waiting, min(due_at) as since
      from looked group by endpoint_id
    ),
    moved as (
      update delivery_due d set due_at = case
          when l.head_lease > clock_timestamp() or l.head_due <= $6 then $6 + interval '250 milliseconds'
          else least(l.head_due, l.head_until) end
      from looked l where l.head_due is not null
        and d.endpoint_id = l.endpoint_id and d.stream = l.stream and d.sequence = l.sequence and d.delivery_id = l.delivery_id
    ),
    free as (
      select l.*, row_number() over (partition by l.endpoint_id order by l.due_at) as place from looked l where l.head_due is null
    ),
    claimed as (
      update delivery_due d set lease_until = clock_timestamp() + f.lease,
        claims = d.claims + 1, attempts = d.attempts + 1, first_attempt_at = coalesce(d.first_attempt_at, $6)
      from free f where f.place <= f.slots
        and d.endpoint_id = f.endpoint_id and d.stream = f.stream and d.sequence = f.sequence and d.delivery_id = f.delivery_id
      returning d.*, f.consent, f.endpoint_version
    )
    select w.endpoint_id as q_endpoint_id,
      coalesce(k.looked, 0) as w_looked, coalesce(k.waiting, 0) as w_waiting, k.since as w_since, q.stream as q_stream, q.sequence as q_sequence, q.delivery_id as q_delivery_id,
      q.created_at as q_created_at, q.claims as q_claims, q.attempts as q_attempts, q.first_attempt_at as q_first_attempt_at,
      q.blocking as q_blocking, v.previous_sequence as q_previous_sequence, q.endpoint_version as q_endpoint_version,
      b.content_type as b_content_type, b.body as b_body, b.sealed as b_sealed,
      e.id as e_id, e.type as e_type, e.version as e_version, e.subject_kind as e_subject_kind, e.subject_id as e_subject_id,
      e.customer_id as e_customer_id, e.lead_id as e_lead_id, e.sequence as e_sequence, e.occurred_at as e_occurred_at,
      e.recorded_at as e_recorded_at, e.submission_id as e_submission_id, e.rule as e_rule,
      e.policy_version as e_policy_version, e.data as e_data, ${FACTS}
    from want w
    left join counted k on k.endpoint_id = w.endpoint_id
    left join claimed q on q.endpoint_id = w.endpoint_id
    left join lateral (
      select * from event e where e.id = q.event_id and e.recorded_at = q.created_at offset 0
    ) e on true
    left join lateral (
      select v.previous_sequence from delivery v where v.id = q.delivery_id and v.created_at = q.created_at offset 0
    ) v on true
    left join lateral (
      select * from delivery_body b where b.delivery_id = q.delivery_id and b.created_at = q.created_at offset 0
    ) b on q.claims > 1
    ${FACTS_JOINS('b.delivery_id is null or q.consent')}
    order by q.due_at, q.sequence`,
};

interface Row extends FactsRow {
  readonly w_looked: number;
  readonly w_waiting: number;
  readonly w_since: Instant | null;
  readonly q_endpoint_id: string;
  readonly q_stream: string;
  readonly q_sequence: number;
  readonly q_delivery_id: string | null; // null: nothing of this endpoint was claimed
  readonly q_created_at: Instant;
  readonly q_claims: number;
  readonly q_attempts: number;
  readonly q_first_attempt_at: Instant;
  readonly q_blocking: boolean;
  readonly q_previous_sequence: number | null;
  readonly q_endpoint_version: number;
  readonly b_content_type: string | null;
  readonly b_body: Buffer;
  readonly b_sealed: boolean;
  readonly e_id: string;
  readonly e_type: string;
  readonly e_version: number;
  readonly e_subject_kind: string;
  readonly e_subject_id: string;
  readonly e_customer_id: string | null;
  readonly e_lead_id: string | null;
  readonly e_sequence: number | null;
  readonly e_occurred_at: Instant;
  readonly e_recorded_at: Instant;
  readonly e_submission_id: string | null;
  readonly e_rule: string | null;
  readonly e_policy_version: number | null;
  readonly e_data: Readonly<Record<string, unknown>>;
}

/** What one claim took, and what it saw of each endpoint. */
export interface ClaimAnswer {
  readonly claimed: readonly Claimed[];
  readonly seen: ReadonlyMap<string, Seen>;
}

/** What a claim saw of an endpoint's rows that are due. */
export interface Seen {
  readonly looked: number; // at most as many as asked for
  readonly waiting: number; // of them, how many wait for an earlier one of their lead
  readonly since: Instant | null; // when the first of them became due; null: none was
}

/**
 * Takes what is due, the longest due first, at most so many of each endpoint, each to be sent by nobody else until its lease ends.
 * Of a lead only the first undelivered event is taken. The attempt is counted here: one that never ends counts too.
 */
export async function claimDeliveries(
  session: Session,
  vault: Vault,
  wants: readonly Want[],
  now: Instant,
): Promise<ClaimAnswer> {
  const rows = await session.run<Row>(CLAIM, [
    plain(wants.map(({ endpointId }) => endpointId)),
    plain(wants.map(({ slots }) => slots)),
    plain(wants.map(({ leaseMs }) => leaseMs)),
    plain(wants.map(({ holdMs }) => holdMs)),
    plain(wants.map(({ consent }) => consent === 'ask')),
    new Date(now),
    plain(wants.map(({ look }) => look)),
    times(wants.map(({ from }) => from ?? 0)),
  ]);
  return {
    claimed: rows.flatMap((row) => (row.q_delivery_id === null ? [] : [claimedOf(row, row.q_delivery_id, vault)])),
    seen: new Map(rows.map((row) => [row.q_endpoint_id, seenOf(row)])),
  };
}

const seenOf = ({ w_looked: looked, w_waiting: waiting, w_since: since }: Row): Seen => ({ looked, waiting, since });

function claimedOf(row: Row, deliveryId: string, vault: Vault): Claimed {
  return {
    held: {
      endpointId: row.q_endpoint_id,
      stream: row.q_stream,
      sequence: row.q_sequence,
      deliveryId,
      createdAt: row.q_created_at,
      claims: row.q_claims,
    },
    attempts: row.q_attempts,
    firstAttemptAt: row.q_first_attempt_at,
    blocking: row.q_blocking,
    previousSequence: row.q_previous_sequence,
    endpointVersion: row.q_endpoint_version,
    event: {
      id: row.e_id,
      type: row.e_type,
      version: row.e_version,
      subjectKind: row.e_subject_kind,
      subjectId: row.e_subject_id,
      customerId: row.e_customer_id,
      leadId: row.e_lead_id,
      sequence: row.e_sequence,
      occurredAt: row.e_occurred_at,
      recordedAt: row.e_recorded_at,
      submissionId: row.e_submission_id,
      rule: row.e_rule,
      policyVersion: row.e_policy_version,
      data: row.e_data,
    },
    body:
      row.b_content_type === null ? null : { contentType: row.b_content_type, body: row.b_body, sealed: row.b_sealed },
    facts: factsOrNull(row, vault),
  };
}

/** One row that cannot be opened is not to cost all the others their claim. */
function factsOrNull(row: Row, vault: Vault): Facts | null {
  try {
    return factsOf(row, vault);
  } catch {
    return null;
  }
}

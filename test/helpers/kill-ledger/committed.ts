import type pg from 'pg';

/** An event of a lead as it stands in the database, with its delivery. */
export interface CommittedEvent {
  readonly id: string;
  readonly type: string;
  readonly leadId: string;
  readonly sequence: number;
  readonly submissionId: string | null;
  readonly deliveries: number; // rows, of any state
  readonly state: string | null; // of its delivery
  readonly reason: string | null;
  readonly previousSequence: number | null;
  readonly timeouts: number; // attempts that ended so
}

/** What was committed. */
export interface Committed {
  readonly submissions: ReadonlySet<string>;
  readonly events: readonly CommittedEvent[];
  readonly due: number; // what is still in the queue
}

/** Reads what was committed, for one endpoint. */
export async function readCommitted(pool: pg.Pool, endpointId: string): Promise<Committed> {
  const submissions = await pool.query('select id from submission');
  const events = await pool.query(
    `select e.id, e.type, e.lead_id as "leadId", e.sequence, e.submission_id as "submissionId",
       count(d.id)::integer as deliveries, min(d.state) as state, min(d.reason) as reason, min(d.previous_sequence) as "previousSequence",
       coalesce(sum((select count(*) from attempt a where a.delivery_id = d.id and a.result = 'timeout')), 0)::integer as timeouts
     from event e left join delivery d on d.event_id = e.id and d.endpoint_id = $1
     where e.type like 'lead.%' group by e.id, e.type, e.lead_id, e.sequence, e.submission_id
     order by e.lead_id, e.sequence`,
    [endpointId],
  );
  const [due] = (await pool.query('select count(*)::integer as n from delivery_due')).rows;
  return { submissions: new Set(submissions.rows.map(({ id }) => id)), events: events.rows, due: due.n };
}

/** Which of these events are still in the queue. */
export async function readQueued(pool: pg.Pool, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query('select event_id from delivery_due where event_id = any($1::uuid[])', [eventIds]);
  return new Set(rows.map((row) => row.event_id));
}

/** What is left in the queue, in words. */
export async function describeQueue(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query(
    `select d.state, q.attempts, q.lease_until > clock_timestamp() as leased, q.blocking, d.reason, count(*)::integer as n,
       min(q.due_at) as first_due from delivery_due q join delivery d on d.id = q.delivery_id
     group by 1, 2, 3, 4, 5 order by n desc limit 20`,
  );
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

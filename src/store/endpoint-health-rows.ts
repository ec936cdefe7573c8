import type { Instant } from '../domain/instant.ts';
import type { Session } from './session.ts';

/** What a process says of an endpoint's health. */
export interface HealthWrite {
  readonly endpointId: string;
  readonly failing: 'yes' | 'no'; // whether its last attempt failed
  readonly breaker: 'closed' | 'open' | 'half_open' | 'recovering';
  readonly breakerUntil: Instant | null;
  readonly at: Instant;
}

const WRITE = {
  name: 'write_endpoint_health',
  text: `insert into endpoint_health as h
      (endpoint_id, failing_since, last_success_at, last_failure_at, breaker, breaker_until, updated_at)
    values ($1, case when $2 then $5::timestamptz end, case when not $2 then $5::timestamptz end, case when $2 then $5::timestamptz end,
      $3, $4, $5)
    on conflict (endpoint_id) do update set
      failing_since = case when $2 then coalesce(h.failing_since, excluded.failing_since) end,
      last_success_at = coalesce(excluded.last_success_at, h.last_success_at),
      last_failure_at = coalesce(excluded.last_failure_at, h.last_failure_at),
      breaker = excluded.breaker, breaker_until = excluded.breaker_until, updated_at = excluded.updated_at`,
};

/** Writes how an endpoint fares; failing counts from its first failure after a success. */
export async function writeHealth(session: Session, { endpointId, failing, ...health }: HealthWrite): Promise<void> {
  const { breaker, breakerUntil, at } = health;
  const until = breakerUntil === null ? null : new Date(breakerUntil);
  await session.run(WRITE, [endpointId, failing === 'yes', breaker, until, new Date(at)]);
}

const FAILING = {
  name: 'long_failing_endpoints',
  text: `select p.id from endpoint p join endpoint_health h on h.endpoint_id = p.id
    where p.state = 'active' and h.failing_since <= $1 and (h.last_success_at is null or h.last_success_at < h.failing_since)
    order by p.id`,
};

/** Active endpoints that have done nothing but fail since a moment or longer. */
export async function longFailing(session: Session, since: Instant): Promise<readonly string[]> {
  return (await session.run<{ id: string }>(FAILING, [new Date(since)])).map((row) => row.id);
}

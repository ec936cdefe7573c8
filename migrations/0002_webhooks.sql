-- The way out: endpoints, what each is sent, and the queue of what is still to be sent.
--
-- An event and its deliveries are written by one statement. `delivery` tells what became of each and is kept by age;
-- `delivery_due` holds only what is not settled, so that a claim costs the same however much was sent before it.

create table endpoint (
  id uuid primary key,
  description text not null,
  url text not null,
  state text not null check (state in ('active','paused','deleted')),
  paused_reason text check (paused_reason in ('operator','gone','failing')),
  events text[] not null,                         -- event types, `lead.*`, `*`; as they were given
  patterns text[] not null,                       -- the same for LIKE
  channels text[],                                -- null: every one
  stores text[],
  sources uuid[],
  ratings text[],
  ordered boolean not null,
  settings jsonb not null,                        -- what the fan-out does not ask
  secrets text not null,                          -- sealed JSON: [{ id, secret, expires_at }], newest first
  headers text,                                   -- sealed JSON: { name: value }
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- What is not settled. fillfactor: a claim rewrites its row in place (HOT), since no index has a column that it sets.
create table delivery_due (
  endpoint_id uuid not null,
  stream uuid not null,                           -- the lead; of an event of no lead its customer, else the event
  sequence integer not null,                      -- of the event in its stream; 0: the stream has no order
  delivery_id uuid not null,
  created_at timestamptz not null,                -- of delivery and event: their partitions
  event_id uuid not null,
  due_at timestamptz not null,
  lease_until timestamptz,                        -- a worker has it until then, by the database's clock
  claims integer not null default 0,              -- grows with every claim: what a worker settles by
  attempts integer not null default 0,            -- counted at the claim; those that cost none are taken back
  first_attempt_at timestamptz,
  blocking boolean not null,                      -- whether later events of its stream wait for it
  primary key (endpoint_id, stream, sequence, delivery_id)
) with (
  fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_threshold = 2000,
  autovacuum_vacuum_insert_scale_factor = 0.2,
  autovacuum_vacuum_cost_delay = 0
);
create index delivery_due_at on delivery_due (endpoint_id, due_at);  -- what a claim reads, from the front

create table delivery (
  id uuid not null,                               -- made of event and endpoint: found without an index of its own
  created_at timestamptz not null,                -- recorded_at of the event
  endpoint_id uuid not null,
  event_id uuid not null,
  event_type text not null,
  customer_id uuid,
  lead_id uuid,
  sequence integer,
  previous_sequence integer,                      -- of the lead's event that this endpoint was given before
  state text not null check (state in ('pending','parked','delivered','dead','withheld','cancelled')),
  reason text,                                    -- of parked, dead, withheld, cancelled, or of the last failure
  attempts integer not null default 0,
  last_attempt_at timestamptz,
  last_status smallint,
  settled_at timestamptz,
  failed_at timestamptz,                          -- dead, withheld, cancelled: never sent
  primary key (id, created_at)
) partition by range (created_at);
create table delivery_default partition of delivery default with (fillfactor = 80);
create index delivery_endpoint on delivery (endpoint_id, created_at, id);      -- lists, newest first; settling changes neither
create index delivery_failed on delivery (endpoint_id, failed_at, id) where failed_at is not null;  -- what may be redriven

-- The bytes that every attempt of a delivery sends, written before the first.
create table delivery_body (
  delivery_id uuid not null,
  created_at timestamptz not null,                -- of the delivery
  content_type text not null,
  body bytea not null,                            -- sealed unless nothing is encrypted at rest
  sealed boolean not null,
  primary key (delivery_id, created_at)
) partition by range (created_at);
create table delivery_body_default partition of delivery_body default with (toast_tuple_target = 8160);

create table attempt (
  delivery_id uuid not null,
  created_at timestamptz not null,                -- of the delivery
  number integer not null,                        -- the claim that it was made under
  endpoint_id uuid not null,
  at timestamptz not null,
  duration integer not null,                      -- milliseconds to the end of the answer
  result text not null,                           -- delivered, or what failed: connect, timeout, http_500 …
  status smallint,
  excerpt text,                                   -- beginning of the answer, without control characters and phones
  primary key (delivery_id, created_at, number)
) partition by range (created_at);
create table attempt_default partition of attempt default;

-- Who was given whom, and what for: no payload, kept when deliveries have gone. Also the sequence given last.
create table provision (
  stream uuid not null,
  endpoint_id uuid not null,
  customer_id uuid,
  last_sequence integer not null,
  sent integer not null default 0,
  first_sent_at timestamptz,
  last_sent_at timestamptz,
  recipient text,                                 -- as they were at the last one sent
  purpose text,
  payload text,
  primary key (stream, endpoint_id)
) with (fillfactor = 80);
create index provision_customer on provision (customer_id) where customer_id is not null;  -- who received a person: privacy

-- What processes know of an endpoint's health between them: written when it changes, not at every attempt.
create table endpoint_health (
  endpoint_id uuid primary key,
  failing_since timestamptz,                      -- first failure after the last success
  last_success_at timestamptz,
  last_failure_at timestamptz,
  breaker text not null default 'closed' check (breaker in ('closed','open','half_open','recovering')),
  breaker_until timestamptz,
  updated_at timestamptz not null
);

-- Processes that deliver: each takes its share of an endpoint's caps.
create table delivery_worker (
  id uuid primary key,
  started_at timestamptz not null,
  seen_at timestamptz not null                    -- by the database's clock
);

-- The pull feed, in an order that no late commit can get before. Ascending, so it costs an insert at the right end.
create index event_feed on event (xid, id);

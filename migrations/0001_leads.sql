-- The way in: customers recognised by identity, leads, submissions, touches, the receipt ledger and the event log.
--
-- No foreign keys on the ingest path: on a fresh database a long-lived connection can cache a sequential scan for the
-- check and keep it, four times slower; the writes are one transaction under the customer's lock instead.
-- No triggers. Ids are UUIDv7 made in the service; their 12 rand_a bits are the customer's bucket.

create table deployment (
  key text primary key,
  value text not null
);

create table policy (
  version integer primary key,
  document jsonb not null,
  reason text not null,
  actor text not null,
  created_at timestamptz not null
);

create table channel (
  code text primary key,
  name text not null,
  default_kind text not null check (default_kind in ('order','event','form','consult','visit','call','follow','behaviour')),
  updated_at timestamptz not null
);
insert into channel (code, name, default_kind, updated_at) values
  ('douyin', '抖音', 'form', now()),
  ('xhs', '小红书', 'form', now()),
  ('search', '搜索', 'form', now()),
  ('event', '活动', 'event', now()),
  ('shop', '电商', 'order', now()),
  ('visit', '到店', 'visit', now()),
  ('wecom', '企业微信', 'consult', now());

create table source (
  id uuid primary key,
  name text not null unique,
  kind text not null,
  state text not null check (state in ('active','paused')),
  channel text,
  defaults jsonb not null default '{}',
  settings jsonb not null default '{}',
  secrets text,                                   -- sealed JSON: [{ id, secret, expires_at }], newest first
  token_hash bytea unique,                        -- SHA-256 of the secret address of a hook
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table api_key (
  id uuid primary key,
  name text not null,
  prefix text not null,                           -- first characters, to recognise a key in a list
  hash bytea not null unique,                     -- SHA-256; keys hold 256 bits of chance, so a fast hash is enough
  scopes text[] not null,
  source_id uuid not null references source (id),
  stores text[],
  adviser text,
  rate_limit integer,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);

-- The phone key. Primary key: what ingest claims. fillfactor: seen_at is updated in place (HOT) at every claim.
create table identity (
  kind text not null check (kind in ('phone','wechat','wecom','platform_lead')),
  namespace text not null default '',
  value text not null,                            -- clear, or its keyed hash when phones are encrypted at rest
  sealed text,                                    -- the value encrypted, when value is a hash
  id uuid not null,
  customer_id uuid not null,
  created_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (value, kind, namespace)
) with (fillfactor = 85);
create index identity_customer on identity (customer_id);         -- a customer's identities: reading, merge, erase

create table customer (
  id uuid primary key,
  profile jsonb not null default '{}',
  first_source jsonb,
  last_source jsonb,
  touch_count integer not null default 0,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  locked_at timestamptz not null,                 -- written by the upsert that is the lock; no other meaning
  erased_at timestamptz
) with (fillfactor = 75);                         -- every touch rewrites the row: keep it HOT

create table customer_alias (
  alias_id uuid primary key,
  customer_id uuid not null,                      -- always the root
  merge_id uuid not null,
  created_at timestamptz not null
);
create index customer_alias_customer on customer_alias (customer_id);  -- the family of a root customer

create table merge (
  id uuid primary key,
  survivor_id uuid not null,
  absorbed_id uuid not null,
  record jsonb not null,                          -- what unmerge needs; ids and codes, profiles of both sides
  reason text,
  actor text not null,
  created_at timestamptz not null,
  undone_at timestamptz
);
create index merge_survivor on merge (survivor_id);
create index merge_absorbed on merge (absorbed_id);

create table lead (
  id uuid primary key,
  customer_id uuid not null,
  scope text not null,
  phone text,                                     -- clear or sealed, as identity.value
  state text not null check (state in ('new','assigned','following','won','lost','dormant','invalid')),
  state_at timestamptz not null,                  -- occurred_at of the last change of state
  prior_state text,                               -- what an automatic dormancy covers
  reason text,                                    -- of lost, dormant, invalid
  dormant_by text check (dormant_by in ('adviser','auto')),
  closed_at timestamptz,                          -- won, lost, invalid, or made dormant (by adviser or automatically)
  cycle integer not null default 1,
  cycle_started_at timestamptz not null,
  store text,
  owner text,
  owner_since timestamptz,
  former_owner text,
  former_store text,
  owner_taken boolean not null default false,     -- taken from the former owner for neglect
  closer text,
  closer_store text,
  repurchase_of uuid,
  previous_lead uuid,
  merged_into uuid,
  hidden text,                                    -- erased, reverted: not shown, outside the open index
  rating text,
  first_source jsonb,
  last_source jsonb,
  touch_count integer not null default 0,
  last_activity_at timestamptz not null,          -- event time of the last touch or follow-up: dormancy is measured from it
  last_received_at timestamptz not null,          -- our time of the last receipt or assignment: the sweep waits for it too
  event_sequence integer not null default 0,
  flags text[] not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null,                -- occurred_at of the touch that made it
  recorded_at timestamptz not null,               -- our time of the same
  updated_at timestamptz not null
) with (fillfactor = 75);
-- Stands behind the lock: at most one open lead per customer and scope.
create unique index lead_open on lead (customer_id, scope)
  where state in ('new','assigned','following') and merged_into is null and hidden is null;
create index lead_customer on lead (customer_id);                 -- all leads of a person: every ingest reads them
create index lead_created on lead (created_at, id);               -- the list's default order; never updated
create index lead_owner on lead (owner, created_at) where owner is not null;   -- an adviser's leads
create index lead_store on lead (store, created_at) where store is not null;     -- what a key bound to stores may list
create index lead_merged on lead (merged_into) where merged_into is not null;
create index lead_updated on lead using brin (updated_at) with (pages_per_range = 16);  -- ranges only; a b-tree would end HOT updates

create table submission (
  id uuid primary key,
  source_id uuid not null,
  external_id text,
  decision text not null,
  rule text not null,
  policy_version integer not null,
  customer_id uuid,                               -- root customer at writing
  lead_id uuid,
  touch_id uuid,
  supersedes uuid,                                -- updated: the submission whose values it replaces
  completes uuid,                                 -- the parked or quarantined submission it completes
  mode text not null default 'live' check (mode in ('live','history')),
  fields jsonb,                                   -- normalised field groups, without phones
  phone text,                                     -- E.164, clear or sealed
  phone_typed text,                               -- as typed, clear or sealed
  owner jsonb,
  flags text[] not null default '{}',
  warnings text[] not null default '{}',
  fingerprint text not null,                      -- version:hex, of the content as it arrived
  request_id text,
  occurred_at timestamptz not null,
  received_at timestamptz not null
);
create index submission_customer on submission (customer_id) where customer_id is not null;  -- erase, recompute, reading
create index submission_nobody on submission (received_at) where customer_id is null;  -- erasure looks through what names no customer

create table raw_body (
  submission_id uuid not null,
  received_at timestamptz not null,
  content_type text not null,
  body bytea not null,                            -- sealed by default
  sealed boolean not null,
  primary key (submission_id, received_at)
) partition by range (received_at);
create table raw_body_default partition of raw_body default;

create table touch (
  id uuid primary key,
  submission_id uuid not null,
  customer_id uuid not null,                      -- root customer at writing
  lead_id uuid not null,
  cycle integer not null,
  identity_id uuid not null,                      -- the identity it came by: unmerge and split go by it
  source_id uuid not null,
  channel text not null,
  kind text not null,
  campaign text,                                  -- campaign or form key, part of the noise rule
  store text,
  noise_key text not null,
  fields jsonb,                                   -- values after updates, where they differ from the submission's
  decision text not null,
  flags text[] not null default '{}',
  first_at timestamptz not null,                  -- occurred_at, moved outward by noise
  first_submission_id uuid not null,
  last_at timestamptz not null,
  last_submission_id uuid not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  voided_at timestamptz,
  void_reason text
);
create index touch_customer on touch (customer_id, occurred_at);  -- noise, paths, rating windows
create index touch_lead on touch (lead_id);                       -- a lead's touches

create table receipt (
  source_id uuid not null,
  kind text not null check (kind in ('delivery','request','external')),
  key text not null,
  submission_id uuid,                             -- null: an answer of another route
  fingerprints text[] not null,                   -- newest last; more than one only with update semantics
  answer jsonb,                                   -- status and body of another route's answer
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (source_id, kind, key)
);
create index receipt_expires on receipt using brin (expires_at);  -- expiry goes by ranges; costs next to nothing to write
create index receipt_person on receipt ((answer->>'customer_id')) where answer is not null;  -- erasure finds kept answers; no row of ingest is in it

create table quarantine (
  id uuid primary key,
  submission_id uuid not null unique,
  source_id uuid not null,
  code text not null,
  path text,
  hint text,
  keys jsonb not null default '[]',               -- those it arrived under: a retry completes it under the same
  state text not null check (state in ('open','released','superseded','dismissed')),
  resolved_by uuid,                               -- released, superseded: the submission that took its place
  resolved_at timestamptz,
  actor text,
  created_at timestamptz not null
);
create index quarantine_open on quarantine (created_at, id) where state = 'open';

create table suggestion (
  id uuid primary key,
  kind text not null check (kind in ('merge','invalid_touched','possible_number_reuse')),
  subject text not null,                          -- what makes it the same suggestion: ids, sorted
  customer_id uuid not null,
  other_customer_id uuid,
  lead_id uuid,
  submission_id uuid,
  times integer not null default 1,
  state text not null check (state in ('open','done','dismissed')),
  actor text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index suggestion_open on suggestion (kind, subject) where state = 'open';
create index suggestion_customer on suggestion (customer_id);

create table consent (
  id uuid primary key,
  customer_id uuid not null,
  purpose text not null check (purpose in ('contact','analytics','ad_feedback')),
  granted boolean not null,
  stated_at timestamptz not null,
  text_version text,
  channel text,
  proof text,
  submission_id uuid,
  actor text not null,
  recorded_at timestamptz not null
);
create index consent_customer on consent (customer_id, purpose, stated_at);

create table suppression (
  token text primary key,                         -- keyed hash of the identity
  reason text not null,
  actor text not null,
  created_at timestamptz not null
);

create table deal (
  id uuid primary key,
  customer_id uuid not null,
  lead_id uuid not null,
  kind text not null check (kind in ('won','refund','void')),
  of_deal uuid,
  amount bigint not null,                         -- minor units; refunds and voids negative
  currency text not null,
  closer text,
  store text,
  reason text,
  actor text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null
);
create index deal_customer on deal (customer_id);
create index deal_lead on deal (lead_id);

create table event (
  id uuid not null,
  type text not null,
  version smallint not null default 1,
  subject_kind text not null,
  subject_id uuid not null,
  customer_id uuid,
  lead_id uuid,
  sequence integer,                               -- per lead
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  actor text not null,
  request_id text,
  submission_id uuid,
  rule text,
  policy_version integer,
  data jsonb not null,                            -- ids, codes, amounts, field names: never identity values
  xid xid8 not null default pg_current_xact_id(),
  primary key (id, recorded_at)
) partition by range (recorded_at);
create table event_default partition of event default;
create index event_customer on event (customer_id, recorded_at);  -- timelines; a lead's events are found through its customer

create table audit (
  id uuid primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject_kind text not null,
  subject_id text,
  reason text,
  detail jsonb not null default '{}',
  request_id text
);
create index audit_at on audit (at, id);
create index audit_subject on audit (subject_id, at);

-- Scores: what people did on pages and in mails, by which documents it counts, and where each lead stands by it.

create table score_model (
  version serial primary key,
  name text not null,
  state text not null default 'draft' check (state in ('draft','shadow','active','retired')),
  document jsonb not null,                        -- attributes, events, groups, bands
  revision integer not null default 1,            -- of a draft, for If-Match
  actor text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  activated_at timestamptz,
  retired_at timestamptz,
  emit boolean not null default false,            -- whether its activation tells who crossed by it
  rescored_to uuid                                -- customers up to here were scored anew after its activation; null: all were
);
create unique index score_model_active on score_model (state) where state = 'active';

-- Whom an event is about is what it came by, `phone:…`, `visitor:…`, `customer:…`, `lead:…`, and never a row of a person: so merging,
-- taking a merge back and splitting move no event, and one that came before its person is theirs from their first touch on.
create table behaviour (
  subject text not null,
  source text not null,
  key text not null,
  type text not null,
  occurred_at timestamptz not null,               -- never after received_at
  received_at timestamptz not null,
  page text,                                      -- without its query
  props jsonb,
  primary key (subject, source, key)
);
create index behaviour_received on behaviour using brin (received_at);  -- retention

create table visitor_link (
  visitor_id text primary key,
  kind text not null,                             -- the identity that the submission came by: it says whose the visitor is
  namespace text not null,
  value text not null,
  linked_at timestamptz not null
);
create index visitor_link_identity on visitor_link (value, kind, namespace);

-- What has to be scored anew. A mark during the scoring counts `marks` up, so that it is not taken for done.
create table score_due (
  subject text primary key,
  since timestamptz not null,                     -- of the first mark
  marks integer not null default 1
) with (fillfactor = 50);
create index score_due_since on score_due (since);

create table score (
  customer_id uuid primary key,                   -- root at writing
  model integer not null,
  total double precision not null,                -- unrounded, at scored_at
  scored_at timestamptz not null,
  next_at timestamptz                             -- when by decay alone a band is left or armed anew; null: never, or no lead is open
);
create index score_next on score (next_at) where next_at is not null;

create table lead_band (
  lead_id uuid primary key,
  customer_id uuid not null,
  model integer not null,
  cycle integer not null,
  band text not null check (band in ('nurture','mql','sql','hot')),
  crossed text[] not null default '{}',           -- bands whose crossing was told, and that are not armed anew
  falls jsonb not null default '{}',              -- when by decay alone each of them is armed anew, in epoch milliseconds
  scored_at timestamptz not null
);
create index lead_band_band on lead_band (band);
create index lead_band_customer on lead_band (customer_id);  -- erasure

-- Ways in of platforms and pages: addresses, credentials, leads that are fetched, pushes that are recorded.

alter table source drop column token_hash;        -- never written: source_address has it
alter table source add column credentials text;   -- sealed JSON: what a platform needs beside the secret, by name

-- Channels of platforms that push; who has named them already keeps the names.
insert into channel (code, name, default_kind, updated_at) values
  ('tencent', '腾讯广告', 'form', now()),
  ('kuaishou', '快手', 'form', now()),
  ('meta', 'Meta', 'form', now()),
  ('tiktok', 'TikTok', 'form', now()),
  ('linkedin', '领英', 'form', now())
on conflict (code) do nothing;

-- The secret addresses of a hook: two while one is replaced.
create table source_address (
  token_hash bytea primary key,                   -- SHA-256; an address holds 256 bits of chance, so a fast hash is enough
  source_id uuid not null references source (id),
  created_at timestamptz not null,
  expires_at timestamptz
);
create index source_address_source on source_address (source_id);

-- Leads of which a platform sent the id only.
create table lead_fetch (
  submission_id uuid primary key,                 -- the parked submission that it completes
  source_id uuid not null,
  external_id text not null,
  reference jsonb not null,                       -- ids that the platform's API asks for
  state text not null check (state in ('pending','fetched','dead')),
  due_at timestamptz not null,
  lease_until timestamptz,
  claims integer not null default 0,              -- the fence
  attempts integer not null default 0,
  fault text,                                     -- of the last attempt: a code
  detail text,
  created_at timestamptz not null,
  settled_at timestamptz
) with (fillfactor = 80);
create index lead_fetch_due on lead_fetch (source_id, due_at) where state = 'pending';  -- what a round claims
create index lead_fetch_listed on lead_fetch (source_id, submission_id);                 -- lists, in order of id
create index lead_fetch_lead on lead_fetch (source_id, external_id);                     -- a deletion by the platform finds it

-- Sources whose next pushes are kept whole for a look.
create table recording (
  source_id uuid primary key references source (id),
  remaining integer not null,
  actor text not null,
  started_at timestamptz not null
);
create table recorded_push (
  id uuid primary key,
  source_id uuid not null,
  received_at timestamptz not null,
  verdict text not null,                          -- how it was acknowledged
  request bytea not null,                         -- sealed JSON: method, query, headers, body in base64
  sealed boolean not null
);
create index recorded_push_source on recorded_push (source_id, received_at, id);

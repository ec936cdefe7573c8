-- Working leads: who can be given a lead, in which turn, until when it has to be followed up, and what the answer was.

-- One row: counted up with every change of regions, stores and advisers, so that a process knows whether what it has read still holds.
create table directory (
  id boolean primary key default true check (id),
  version bigint not null default 0
);
insert into directory default values;

create table region (
  code text primary key,
  name text not null,
  cities text[] not null default '{}',            -- what no store covers comes to the region of its city
  external_ref text,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table store (
  code text primary key,                          -- what `lead.store` holds
  name text not null,
  region text references region (code),
  cities text[] not null default '{}',
  calendar jsonb not null,                        -- zone, weekly hours, closed and special days
  pick text not null default 'round_robin' check (pick in ('round_robin','weighted','least_loaded')),
  manager text,                                   -- an adviser: whom the ladder tells
  active boolean not null default true,
  external_ref text,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index store_external_ref on store (external_ref) where external_ref is not null;

create table adviser (
  code text primary key,                          -- what `lead.owner` holds
  name text not null,
  stores text[] not null default '{}',
  regions text[] not null default '{}',           -- takes what no store there can
  hq boolean not null default false,              -- takes what no region can
  skills text[] not null default '{}',
  weight integer not null default 1 check (weight between 1 and 100),
  open_cap integer check (open_cap >= 0),         -- open leads at once; null: any number
  daily_cap integer check (daily_cap >= 0),       -- leads given in one day: of their shifts, else of their first store
  shifts jsonb,                                   -- weekly hours and their zone; null: always on shift
  leave jsonb not null default '[]',              -- spans of absence: from, until
  active boolean not null default true,
  external_ref text,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index adviser_external_ref on adviser (external_ref) where external_ref is not null;

-- Whose turn it is: `store:S1`, `region:east`, `city:南京` (the wheel of the stores that cover it), `hq`. Its row is the lock of every
-- automatic assignment, the last one before the writes; `adviser:A1` is that of one who has a cap and is in several pools.
create table pool (
  id text primary key,
  wheel jsonb not null default '{}',              -- the turn taken last, for each skill that was asked for ('': none)
  updated_at timestamptz not null
) with (fillfactor = 50);

alter table customer
  add column channels jsonb not null default '{}'; -- the newest touch of each channel: rating counts channels, across leads and cycles

alter table lead
  add column rating_facts jsonb,                  -- what the rating rests on: base of the cycle, unanswered follow-ups, rule and evidence
  add column pooled_since timestamptz,            -- nobody could be given it; null: owned, or nothing is assigned in this deployment
  add column skill text,                          -- what the rule that gave it asks of whoever has it
  add column taken_from jsonb not null default '[]', -- who had it before, until when, and whether it was recycled: they cool down
  add column task jsonb,                          -- the open task; ended ones are in `task`
  add column task_due_at timestamptz,
  add column task_step_at timestamptz,            -- when the next step of its ladder is due; null: none is left
  add column external_ref text;                   -- what the CRM calls it
create index lead_pooled on lead (store, rating, pooled_since, id)  -- what waits in a pool, the best and oldest first
  where pooled_since is not null and owner is null and state in ('new', 'assigned', 'following') and merged_into is null and hidden is null;
create index lead_step on lead (task_step_at) where task_step_at is not null;   -- the ladder: what is due next
create index lead_due on lead (task_due_at) where task_due_at is not null;  -- the list of open tasks, of everybody or of a store
create index lead_owned on lead (owner, task_due_at)  -- caps: open at once; an adviser's tasks
  where owner is not null and state in ('new', 'assigned', 'following');
create unique index lead_task on lead (((task->>'id')::uuid)) where task is not null;  -- an open task by its id
create unique index lead_task_ref on lead ((task->>'externalRef')) where task->>'externalRef' is not null;
create index event_given on event ((data->>'owner'), recorded_at) include (lead_id)  -- caps: given since the morning, also what is theirs no more
  where type = 'lead.assigned' or (type = 'lead.owner_changed' and data->>'owner' is distinct from data->>'former_owner');
create unique index lead_external_ref on lead (external_ref) where external_ref is not null;

-- Tasks that have ended, each once: an open one lies on its lead, so that there is never a second.
create table task (
  id uuid primary key,
  lead_id uuid not null,
  customer_id uuid not null,                      -- root customer at writing
  cycle integer not null,
  kind text not null check (kind in ('first_contact','follow_up')),
  owner text,                                     -- whose it was when it ended
  store text,
  rating text,
  opened_at timestamptz not null,
  due_at timestamptz not null,
  ended_at timestamptz not null,                  -- occurred_at
  recorded_at timestamptz not null,
  end_state text not null check (end_state in ('completed','cancelled','recycled')),
  reason text,                                    -- of a cancellation: merged, dormant, won, …
  method text,                                    -- of a follow-up
  outcome text,
  content text,                                   -- clear or sealed, as identity.value
  next_at timestamptz,
  elapsed_seconds bigint,                         -- of a first contact: from the capture
  business_seconds bigint,                        -- the same in the store's hours
  external_ref text,
  actor text not null
);
create index task_lead on task (lead_id, ended_at);
create index task_owner on task (owner, ended_at) where owner is not null;
create index task_ended on task (ended_at, id);  -- the list of those that ended
create index task_customer on task (customer_id);  -- erasure
create unique index task_external_ref on task (external_ref) where external_ref is not null;

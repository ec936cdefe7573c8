-- Imports: files that were uploaded, what was made of each of their rows, and the bytes until they have been read.

create table import (
  id uuid primary key,
  source_id uuid not null,
  state text not null check (state in ('uploading','waiting','checking','running','previewed','completed','failed','cancelled','reverting','reverted')),
  dry_run boolean not null,
  mode text not null check (mode in ('live','history')),
  file_name text,
  file_bytes bigint not null default 0,
  file_digest text,                               -- SHA-256 of the bytes, 64 hex digits
  stores text[],                                  -- what rows may name as their store; null: any
  options jsonb not null,                         -- as given: how to read the file, and what counts for every row
  reading jsonb,                                  -- what was found: encoding, delimiter, sheet, header, columns
  rows_total integer,                             -- null until the file has been read through
  rows_done integer not null default 0,
  counts jsonb not null default '{}',             -- { classes: { new: 3 }, decisions: { created: 3 } }
  preview bytea,                                  -- sealed: the first rows as they are mapped, of a dry run
  fault jsonb,                                    -- why it failed: { code, detail, hint }
  revert jsonb,                                   -- how far taking it back is: { row, touches, leads, kept, force }
  actor text not null,
  request_id text,
  claims integer not null default 0,              -- fence: whoever works on it holds the last one
  lease_until timestamptz,                        -- another process may take it over from then on
  version integer not null default 1,
  created_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz
);
create index import_created on import (created_at desc, id);      -- the list
create index import_open on import (created_at) where state in ('uploading','waiting','checking','running','reverting');  -- what workers look for

create table import_chunk (
  import_id uuid not null,
  seq integer not null,                           -- from 0; every chunk but the last has the same size
  body bytea not null,                            -- sealed by default
  sealed boolean not null,
  primary key (import_id, seq)
);
alter table import_chunk alter column body set storage external;  -- sealed bytes do not compress

create table import_erased (                      -- whom rows of files that came before their erasure must not bring back
  import_id uuid not null,
  token text not null,                            -- keyed hash of an identity
  primary key (import_id, token)
);

create table import_row (
  import_id uuid not null,
  row integer not null,                           -- as a spreadsheet numbers it
  class text not null,
  decision text not null,
  original_decision text,
  code text,                                      -- why it was refused
  path text,
  column_name text,                               -- the header of the column at fault
  hint text,
  warnings text[] not null default '{}',
  submission_id uuid,
  customer_id uuid,
  lead_id uuid,
  touch_id uuid,                                  -- of the row itself: not what it replays
  before jsonb,                                   -- the lead as it was, of the first row that touched it: for taking it back
  cells bytea,                                    -- sealed: the row as it was, of refused rows only
  primary key (import_id, row)
);
create index import_row_customer on import_row (import_id, customer_id) where customer_id is not null;  -- whom the file named before
create index import_row_failed on import_row (import_id, row) where code is not null;                   -- the errors file

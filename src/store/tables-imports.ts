import type { ColumnType } from 'kysely';
import type { Default, Json, JsonOrNull, OrNull, Texts, Time, TimeOrNull } from './column-types.ts';

export interface ImportTable {
  id: string;
  source_id: string;
  state: string;
  dry_run: boolean;
  mode: 'live' | 'history';
  file_name: OrNull<string>;
  file_bytes: Default<number>;
  file_digest: OrNull<string>;
  stores: OrNull<string[]>;
  options: Json<object>;
  reading: JsonOrNull<object>;
  rows_total: OrNull<number>;
  rows_done: Default<number>;
  counts: ColumnType<object, string | undefined, string>;
  preview: OrNull<Buffer>;
  fault: JsonOrNull<object>;
  revert: JsonOrNull<object>;
  actor: string;
  request_id: OrNull<string>;
  claims: Default<number>;
  lease_until: TimeOrNull;
  version: Default<number>;
  created_at: Time;
  started_at: TimeOrNull;
  finished_at: TimeOrNull;
}

export interface ImportChunkTable {
  import_id: string;
  seq: number;
  body: Buffer;
  sealed: boolean;
}

export interface ImportErasedTable {
  import_id: string;
  token: string;
}

export interface ImportRowTable {
  import_id: string;
  row: number;
  class: string;
  decision: string;
  original_decision: OrNull<string>;
  code: OrNull<string>;
  path: OrNull<string>;
  column_name: OrNull<string>;
  hint: OrNull<string>;
  warnings: Texts;
  submission_id: OrNull<string>;
  customer_id: OrNull<string>;
  lead_id: OrNull<string>;
  touch_id: OrNull<string>;
  before: JsonOrNull<object>;
  cells: OrNull<Buffer>;
}

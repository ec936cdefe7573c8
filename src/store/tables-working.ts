import type { ColumnType, Generated } from 'kysely';
import type { Default, Json, JsonOrNull, OrNull, Texts, Time, TimeOrNull } from './column-types.ts';

export interface DirectoryTable {
  id: Generated<boolean>;
  version: Default<number>;
}

export interface RegionTable {
  code: string;
  name: string;
  cities: Texts;
  external_ref: OrNull<string>;
  version: Default<number>;
  created_at: Time;
  updated_at: Time;
}

export interface StoreTable {
  code: string;
  name: string;
  region: OrNull<string>;
  cities: Texts;
  calendar: Json<object>;
  pick: Default<'round_robin' | 'weighted' | 'least_loaded'>;
  manager: OrNull<string>;
  active: Default<boolean>;
  external_ref: OrNull<string>;
  version: Default<number>;
  created_at: Time;
  updated_at: Time;
}

export interface AdviserTable {
  code: string;
  name: string;
  stores: Texts;
  regions: Texts;
  hq: Default<boolean>;
  skills: Texts;
  weight: Default<number>;
  open_cap: OrNull<number>;
  daily_cap: OrNull<number>;
  shifts: JsonOrNull<object>;
  leave: ColumnType<object, string | undefined, string>;
  active: Default<boolean>;
  external_ref: OrNull<string>;
  version: Default<number>;
  created_at: Time;
  updated_at: Time;
}

export interface PoolTable {
  id: string;
  wheel: ColumnType<object, string | undefined, string>;
  updated_at: Time;
}

export interface TaskTable {
  id: string;
  lead_id: string;
  customer_id: string;
  cycle: number;
  kind: 'first_contact' | 'follow_up';
  owner: OrNull<string>;
  store: OrNull<string>;
  rating: OrNull<string>;
  opened_at: Time;
  due_at: Time;
  ended_at: Time;
  recorded_at: Time;
  end_state: 'completed' | 'cancelled' | 'recycled';
  reason: OrNull<string>;
  method: OrNull<string>;
  outcome: OrNull<string>;
  content: OrNull<string>;
  next_at: TimeOrNull;
  elapsed_seconds: OrNull<number>;
  business_seconds: OrNull<number>;
  external_ref: OrNull<string>;
  actor: string;
}

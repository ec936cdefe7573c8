import type { ColumnType, Generated } from 'kysely';
import type { Default, Json, OrNull, Time, TimeOrNull } from './column-types.ts';

export type * from './tables-channels.ts';
export type * from './tables-delivery.ts';
export type * from './tables-imports.ts';
export type * from './tables-person.ts';
export type * from './tables-scores.ts';
export type * from './tables-working.ts';

export interface DeploymentTable {
  key: string;
  value: string;
}

export interface PolicyTable {
  version: number;
  document: Json<object>;
  reason: string;
  actor: string;
  created_at: Time;
}

export interface ChannelTable {
  code: string;
  name: string;
  default_kind: string;
  updated_at: Time;
}

export interface SourceTable {
  id: string;
  name: string;
  kind: string;
  state: 'active' | 'paused';
  channel: OrNull<string>;
  defaults: ColumnType<object, string | undefined, string>;
  settings: ColumnType<object, string | undefined, string>;
  secrets: OrNull<string>;
  credentials: OrNull<string>;
  version: Default<number>;
  created_at: Time;
  updated_at: Time;
}

export interface ApiKeyTable {
  id: string;
  name: string;
  prefix: string;
  hash: Buffer;
  scopes: string[];
  source_id: string;
  stores: OrNull<string[]>;
  adviser: OrNull<string>;
  rate_limit: OrNull<number>;
  created_by: string;
  created_at: Time;
  expires_at: TimeOrNull;
  revoked_at: TimeOrNull;
}

export interface ConsentTable {
  id: string;
  customer_id: string;
  purpose: 'contact' | 'analytics' | 'ad_feedback';
  granted: boolean;
  stated_at: Time;
  text_version: OrNull<string>;
  channel: OrNull<string>;
  proof: OrNull<string>;
  submission_id: OrNull<string>;
  actor: string;
  recorded_at: Time;
}

export interface SuppressionTable {
  token: string;
  reason: string;
  actor: string;
  created_at: Time;
}

export interface DealTable {
  id: string;
  customer_id: string;
  lead_id: string;
  kind: 'won' | 'refund' | 'void';
  of_deal: OrNull<string>;
  amount: number;
  currency: string;
  closer: OrNull<string>;
  store: OrNull<string>;
  reason: OrNull<string>;
  actor: string;
  occurred_at: Time;
  recorded_at: Time;
}

export interface EventTable {
  id: string;
  type: string;
  version: Default<number>;
  subject_kind: string;
  subject_id: string;
  customer_id: OrNull<string>;
  lead_id: OrNull<string>;
  sequence: OrNull<number>;
  occurred_at: Time;
  recorded_at: Time;
  actor: string;
  request_id: OrNull<string>;
  submission_id: OrNull<string>;
  rule: OrNull<string>;
  policy_version: OrNull<number>;
  data: Json<object>;
  xid: Generated<string>;
}

export interface AuditTable {
  id: string;
  at: Time;
  actor: string;
  action: string;
  subject_kind: string;
  subject_id: OrNull<string>;
  reason: OrNull<string>;
  detail: Json<object>;
  request_id: OrNull<string>;
}

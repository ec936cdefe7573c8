import type { ColumnType, Generated, JSONColumnType } from 'kysely';

/** A timestamptz column: read as epoch milliseconds, written as a Date. */
export type Time = ColumnType<number, Date, Date>;
/** A nullable timestamptz column. */
export type TimeOrNull = ColumnType<number | null, Date | null | undefined, Date | null>;
type Json<T extends object> = JSONColumnType<T, string, string>;
type JsonOrNull<T extends object> = ColumnType<T | null, string | null | undefined, string | null>;
type Default<T> = ColumnType<T, T | undefined, T>;
type OrNull<T> = ColumnType<T | null, T | null | undefined, T | null>;
type Texts = ColumnType<string[], readonly string[] | undefined, readonly string[]>;

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
  token_hash: OrNull<Buffer>;
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

export interface IdentityTable {
  kind: string;
  namespace: Default<string>;
  value: string;
  sealed: OrNull<string>;
  id: string;
  customer_id: string;
  created_at: Time;
  seen_at: Time;
}

export interface CustomerTable {
  id: string;
  profile: Json<object>;
  first_source: JsonOrNull<object>;
  last_source: JsonOrNull<object>;
  touch_count: Default<number>;
  version: Default<number>;
  created_at: Time;
  updated_at: Time;
  locked_at: Time;
  erased_at: TimeOrNull;
}

export interface CustomerAliasTable {
  alias_id: string;
  customer_id: string;
  merge_id: string;
  created_at: Time;
}

export interface MergeTable {
  id: string;
  survivor_id: string;
  absorbed_id: string;
  record: Json<object>;
  reason: OrNull<string>;
  actor: string;
  created_at: Time;
  undone_at: TimeOrNull;
}

export interface LeadTable {
  id: string;
  customer_id: string;
  scope: string;
  phone: OrNull<string>;
  state: 'new' | 'assigned' | 'following' | 'won' | 'lost' | 'dormant' | 'invalid';
  state_at: Time;
  prior_state: OrNull<string>;
  reason: OrNull<string>;
  dormant_by: OrNull<'adviser' | 'auto'>;
  closed_at: TimeOrNull;
  cycle: Default<number>;
  cycle_started_at: Time;
  store: OrNull<string>;
  owner: OrNull<string>;
  owner_since: TimeOrNull;
  former_owner: OrNull<string>;
  former_store: OrNull<string>;
  owner_taken: Default<boolean>;
  closer: OrNull<string>;
  closer_store: OrNull<string>;
  repurchase_of: OrNull<string>;
  previous_lead: OrNull<string>;
  merged_into: OrNull<string>;
  hidden: OrNull<string>;
  rating: OrNull<string>;
  first_source: JsonOrNull<object>;
  last_source: JsonOrNull<object>;
  touch_count: Default<number>;
  last_activity_at: Time;
  last_received_at: Time;
  event_sequence: Default<number>;
  flags: Texts;
  version: Default<number>;
  created_at: Time;
  recorded_at: Time;
  updated_at: Time;
}

export interface SubmissionTable {
  id: string;
  source_id: string;
  external_id: OrNull<string>;
  decision: string;
  rule: string;
  policy_version: number;
  customer_id: OrNull<string>;
  lead_id: OrNull<string>;
  touch_id: OrNull<string>;
  supersedes: OrNull<string>;
  completes: OrNull<string>;
  mode: Default<'live' | 'history'>;
  fields: JsonOrNull<object>;
  phone: OrNull<string>;
  phone_typed: OrNull<string>;
  owner: JsonOrNull<object>;
  flags: Texts;
  warnings: Texts;
  fingerprint: string;
  request_id: OrNull<string>;
  occurred_at: Time;
  received_at: Time;
}

export interface RawBodyTable {
  submission_id: string;
  received_at: Time;
  content_type: string;
  body: Buffer;
  sealed: boolean;
}

export interface TouchTable {
  id: string;
  submission_id: string;
  customer_id: string;
  lead_id: string;
  cycle: number;
  identity_id: string;
  source_id: string;
  channel: string;
  kind: string;
  campaign: OrNull<string>;
  store: OrNull<string>;
  noise_key: string;
  fields: JsonOrNull<object>;
  decision: string;
  flags: Texts;
  first_at: Time;
  first_submission_id: string;
  last_at: Time;
  last_submission_id: string;
  occurred_at: Time;
  received_at: Time;
  voided_at: TimeOrNull;
  void_reason: OrNull<string>;
}

export interface ReceiptTable {
  source_id: string;
  kind: 'delivery' | 'request' | 'external';
  key: string;
  submission_id: OrNull<string>;
  fingerprints: string[];
  answer: JsonOrNull<object>;
  created_at: Time;
  expires_at: TimeOrNull;
}

export interface QuarantineTable {
  id: string;
  submission_id: string;
  source_id: string;
  code: string;
  path: OrNull<string>;
  hint: OrNull<string>;
  keys: JSONColumnType<object, string | undefined, string>;
  state: 'open' | 'released' | 'superseded' | 'dismissed';
  resolved_by: OrNull<string>;
  resolved_at: TimeOrNull;
  actor: OrNull<string>;
  created_at: Time;
}

export interface SuggestionTable {
  id: string;
  kind: 'merge' | 'invalid_touched' | 'possible_number_reuse';
  subject: string;
  customer_id: string;
  other_customer_id: OrNull<string>;
  lead_id: OrNull<string>;
  submission_id: OrNull<string>;
  times: Default<number>;
  state: 'open' | 'done' | 'dismissed';
  actor: OrNull<string>;
  created_at: Time;
  updated_at: Time;
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

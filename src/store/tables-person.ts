import type { ColumnType } from 'kysely';
import type { Default, Json, JsonOrNull, OrNull, Texts, Time, TimeOrNull } from './column-types.ts';

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
  channels: ColumnType<object, string | undefined, string>;
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
  taken_from: ColumnType<object, string | undefined, string>;
  pooled_since: TimeOrNull;
  skill: OrNull<string>;
  closer: OrNull<string>;
  closer_store: OrNull<string>;
  repurchase_of: OrNull<string>;
  previous_lead: OrNull<string>;
  merged_into: OrNull<string>;
  hidden: OrNull<string>;
  rating: OrNull<'low' | 'medium' | 'high'>;
  rating_facts: JsonOrNull<object>;
  first_source: JsonOrNull<object>;
  last_source: JsonOrNull<object>;
  touch_count: Default<number>;
  last_activity_at: Time;
  last_received_at: Time;
  event_sequence: Default<number>;
  flags: Texts;
  task: JsonOrNull<object>;
  task_due_at: TimeOrNull;
  task_step_at: TimeOrNull;
  external_ref: OrNull<string>;
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
  keys: ColumnType<object, string | undefined, string>;
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

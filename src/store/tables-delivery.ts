import type { ColumnType } from 'kysely';
import type { Default, OrNull, Time, TimeOrNull } from './column-types.ts';

export interface EndpointTable {
  id: string;
  description: string;
  url: string;
  state: 'active' | 'paused' | 'deleted';
  paused_reason: OrNull<'operator' | 'gone' | 'failing'>;
  events: string[];
  patterns: string[];
  channels: OrNull<string[]>;
  stores: OrNull<string[]>;
  sources: OrNull<string[]>;
  ratings: OrNull<string[]>;
  ordered: boolean;
  settings: ColumnType<object, string, string>;
  secrets: string;
  headers: OrNull<string>;
  version: Default<number>;
  created_at: Time;
  updated_at: Time;
}

export interface DeliveryDueTable {
  endpoint_id: string;
  stream: string;
  sequence: number;
  delivery_id: string;
  created_at: Time;
  event_id: string;
  due_at: Time;
  lease_until: TimeOrNull;
  claims: Default<number>;
  attempts: Default<number>;
  first_attempt_at: TimeOrNull;
  blocking: boolean;
}

export interface DeliveryTable {
  id: string;
  created_at: Time;
  endpoint_id: string;
  event_id: string;
  event_type: string;
  customer_id: OrNull<string>;
  lead_id: OrNull<string>;
  sequence: OrNull<number>;
  previous_sequence: OrNull<number>;
  state: 'pending' | 'parked' | 'delivered' | 'dead' | 'withheld' | 'cancelled';
  reason: OrNull<string>;
  attempts: Default<number>;
  last_attempt_at: TimeOrNull;
  last_status: OrNull<number>;
  settled_at: TimeOrNull;
  failed_at: TimeOrNull;
}

export interface DeliveryBodyTable {
  delivery_id: string;
  created_at: Time;
  content_type: string;
  body: Buffer;
  sealed: boolean;
}

export interface AttemptTable {
  delivery_id: string;
  created_at: Time;
  number: number;
  endpoint_id: string;
  at: Time;
  duration: number;
  result: string;
  status: OrNull<number>;
  excerpt: OrNull<string>;
}

export interface ProvisionTable {
  stream: string;
  endpoint_id: string;
  customer_id: OrNull<string>;
  last_sequence: number;
  sent: Default<number>;
  first_sent_at: TimeOrNull;
  last_sent_at: TimeOrNull;
  recipient: OrNull<string>;
  purpose: OrNull<string>;
  payload: OrNull<string>;
}

export interface EndpointHealthTable {
  endpoint_id: string;
  failing_since: TimeOrNull;
  last_success_at: TimeOrNull;
  last_failure_at: TimeOrNull;
  breaker: Default<'closed' | 'open' | 'half_open' | 'recovering'>;
  breaker_until: TimeOrNull;
  updated_at: Time;
}

export interface DeliveryWorkerTable {
  id: string;
  started_at: Time;
  seen_at: Time;
}

import type { Default, Json, OrNull, Time, TimeOrNull } from './column-types.ts';

export interface SourceAddressTable {
  token_hash: Buffer;
  source_id: string;
  created_at: Time;
  expires_at: TimeOrNull;
}

export interface LeadFetchTable {
  submission_id: string;
  source_id: string;
  external_id: string;
  reference: Json<object>;
  state: 'pending' | 'fetched' | 'dead';
  due_at: Time;
  lease_until: TimeOrNull;
  claims: Default<number>;
  attempts: Default<number>;
  fault: OrNull<string>;
  detail: OrNull<string>;
  created_at: Time;
  settled_at: TimeOrNull;
}

export interface RecordingTable {
  source_id: string;
  remaining: number;
  actor: string;
  started_at: Time;
}

export interface RecordedPushTable {
  id: string;
  source_id: string;
  received_at: Time;
  verdict: string;
  request: Buffer;
  sealed: boolean;
}

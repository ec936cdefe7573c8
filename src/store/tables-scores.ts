import type { ColumnType, Generated } from 'kysely';
import type { Default, Json, JsonOrNull, OrNull, Texts, Time, TimeOrNull } from './column-types.ts';

export interface ScoreModelTable {
  version: Generated<number>;
  name: string;
  state: Default<'draft' | 'shadow' | 'active' | 'retired'>;
  document: Json<object>;
  revision: Default<number>;
  actor: string;
  created_at: Time;
  updated_at: Time;
  activated_at: TimeOrNull;
  retired_at: TimeOrNull;
  emit: Default<boolean>;
  rescored_to: OrNull<string>;
}

export interface BehaviourTable {
  subject: string;
  source: string;
  key: string;
  type: string;
  occurred_at: Time;
  received_at: Time;
  page: OrNull<string>;
  props: JsonOrNull<object>;
}

export interface VisitorLinkTable {
  visitor_id: string;
  kind: string;
  namespace: string;
  value: string;
  linked_at: Time;
}

export interface ScoreDueTable {
  subject: string;
  since: Time;
  marks: Default<number>;
}

export interface ScoreTable {
  customer_id: string;
  model: number;
  total: number;
  scored_at: Time;
  next_at: TimeOrNull;
}

export interface LeadBandTable {
  lead_id: string;
  customer_id: string;
  model: number;
  cycle: number;
  band: 'nurture' | 'mql' | 'sql' | 'hot';
  crossed: Texts;
  falls: ColumnType<object, string | undefined, string>;
  scored_at: Time;
}

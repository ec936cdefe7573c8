import type { KnownLead } from '../domain/lead-record.ts';
import type { Origin } from '../domain/origin.ts';
import type { PayloadCustomer, PayloadSubmission } from '../domain/payload.ts';
import { EMPTY_PROFILE, type Profile } from '../domain/profile.ts';
import type { Purpose } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { type LeadRow, leadOf } from './lead-rows.ts';
import { readPhone } from './sealed-phone.ts';

/** What a body is made of besides its event, as it is now. */
export interface Facts {
  readonly lead: KnownLead | null;
  readonly customer: PayloadCustomer | null;
  readonly submission: PayloadSubmission | null;
  readonly consents: Readonly<Partial<Record<Purpose, boolean>>>; // what was stated; else the policy's default
  readonly consentDefaults: Readonly<Partial<Record<Purpose, boolean>>> | null;
}

/** What a query selects for it, of lead `l`, customer `c`, submission `s` and its source `o`. */
export const FACTS = `l.*, c.id as c_id, c.profile as c_profile, c.version as c_version, c.first_source as c_first_source,
  c.last_source as c_last_source, c.touch_count as c_touch_count, c.created_at as c_created_at, c.updated_at as c_updated_at,
  (select coalesce(i.sealed, i.value) from identity i where i.customer_id = c.id and i.kind = 'phone'
    order by i.created_at, i.id limit 1) as c_phone,
  (select jsonb_object_agg(k.purpose, k.granted) from (
      select distinct on (t.purpose) t.purpose, t.granted from consent t
      where t.customer_id = any(array(select c.id union all select y.alias_id from customer_alias y where y.customer_id = c.id))
      order by t.purpose, t.stated_at desc, t.granted
    ) k) as c_consents,
  (select y.document->'consent_default' from policy y order by y.version desc limit 1) as consent_default,
  s.id as s_id, s.source_id as s_source_id, o.name as s_source_name, s.external_id as s_external_id, s.decision as s_decision,
  s.rule as s_rule, s.policy_version as s_policy_version, s.mode as s_mode, s.fields as s_fields,
  s.occurred_at as s_occurred_at, s.received_at as s_received_at`;

/** The joins behind it, to an event `e`, where a condition holds. */
export const FACTS_JOINS = (condition: string): string => `
  left join lead l on (${condition}) and l.id = e.lead_id
  left join customer_alias a on (${condition}) and a.alias_id = coalesce(l.customer_id, e.customer_id)
  left join customer c on (${condition}) and c.id = coalesce(a.customer_id, l.customer_id, e.customer_id)
  left join submission s on (${condition}) and s.id = e.submission_id
  left join source o on o.id = s.source_id`;

/** A row of that. */
export interface FactsRow extends Omit<LeadRow, 'id'> {
  readonly id: string | null;
  readonly c_id: string | null;
  readonly c_profile: object;
  readonly c_version: number;
  readonly c_first_source: Origin | null;
  readonly c_last_source: Origin | null;
  readonly c_touch_count: number;
  readonly c_created_at: number;
  readonly c_updated_at: number;
  readonly c_phone: string | null;
  readonly c_consents: Readonly<Partial<Record<Purpose, boolean>>> | null;
  readonly consent_default: Readonly<Partial<Record<Purpose, boolean>>> | null;
  readonly s_id: string | null;
  readonly s_source_id: string;
  readonly s_source_name: string | null;
  readonly s_external_id: string | null;
  readonly s_decision: string;
  readonly s_rule: string;
  readonly s_policy_version: number;
  readonly s_mode: string;
  readonly s_fields: Readonly<Record<string, unknown>> | null;
  readonly s_occurred_at: number;
  readonly s_received_at: number;
}

/** The facts of a row. */
export function factsOf(row: FactsRow, vault: Vault): Facts {
  return {
    lead: knownLead(row, vault),
    customer: row.c_id === null ? null : { ...customerOf(row, row.c_id), phone: readPhone(vault, row.c_phone) },
    submission: row.s_id === null ? null : submissionOf(row, row.s_id),
    consents: row.c_consents ?? {},
    consentDefaults: row.consent_default,
  };
}

function knownLead(row: FactsRow, vault: Vault): KnownLead | null {
  if (row.id === null || row.c_id === null) return null;
  const profile = { ...EMPTY_PROFILE, ...(row.c_profile as Partial<Profile>) };
  return { lead: leadOf({ ...row, id: row.id }, vault), root: row.c_id, profile };
}

function customerOf(row: FactsRow, id: string): Omit<PayloadCustomer, 'phone'> {
  return {
    id,
    version: row.c_version,
    firstSource: row.c_first_source,
    lastSource: row.c_last_source,
    touchCount: row.c_touch_count,
    createdAt: row.c_created_at,
    updatedAt: row.c_updated_at,
  };
}

function submissionOf(row: FactsRow, id: string): PayloadSubmission {
  return {
    id,
    sourceId: row.s_source_id,
    sourceName: row.s_source_name,
    externalId: row.s_external_id,
    decision: row.s_decision,
    rule: row.s_rule,
    policyVersion: row.s_policy_version,
    mode: row.s_mode,
    fields: row.s_fields ?? {},
    occurredAt: row.s_occurred_at,
    receivedAt: row.s_received_at,
  };
}

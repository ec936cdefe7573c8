import { formatInstant, momentOf } from './instant.ts';
import type { Lead, LeadState } from './lead.ts';
import { maskPhone } from './mask.ts';
import { maskEmail, maskText } from './masking.ts';
import type { Origin } from './origin.ts';
import { type Profile, type ProfileField, standing, standingAddress } from './profile.ts';
import { type Masked, maskedOf, type Sight, seen } from './sight.ts';
import type { OpenTask } from './task.ts';

/** A lead with the root customer whose it is and what is known of the person. */
export interface KnownLead {
  readonly lead: Lead;
  readonly root: string;
  readonly profile: Profile;
}

/** A first or last source as it is answered; moments in ISO 8601. */
export interface OriginRecord {
  readonly at: string;
  readonly received_at: string;
  readonly touch_id: string;
  readonly channel: string;
  readonly campaign_id: string | null;
  readonly campaign_name: string | null;
  readonly ad_campaign_id: string | null;
  readonly advertiser_id: string | null;
  readonly advertiser_name: string | null;
  readonly source_id: string;
  readonly store: string | null;
}

/** The values of a person that stand. */
export interface PersonSummary {
  readonly name: string | null;
  readonly gender: string | null;
  readonly email: string | null;
  readonly company: string | null;
  readonly job_title: string | null;
  readonly industry: string | null;
  readonly company_size: string | null;
  readonly province: string | null;
  readonly city: string | null;
  readonly district: string | null;
  readonly street: string | null;
  readonly tags: readonly string[];
}

/** The open task of a lead. */
export interface TaskRecord {
  readonly id: string;
  readonly kind: string;
  readonly opened_at: string;
  readonly due_at: string;
  readonly rating: string;
  readonly steps: readonly string[];
  readonly external_ref: string | null;
}

/** A lead as answers and webhooks show it; moments in ISO 8601. */
export interface LeadRecord {
  readonly id: string;
  readonly customer_id: string;
  readonly version: number;
  readonly masked: Masked | null;
  readonly phone: string | null;
  readonly person: PersonSummary;
  readonly state: LeadState;
  readonly state_at: string;
  readonly reason: string | null;
  readonly dormant_by: string | null;
  readonly closed_at: string | null;
  readonly scope: string;
  readonly cycle: number;
  readonly cycle_started_at: string;
  readonly store: string | null;
  readonly owner: string | null;
  readonly owner_since: string | null;
  readonly former_store: string | null;
  readonly former_owner: string | null;
  readonly closer: string | null;
  readonly closer_store: string | null;
  readonly rating: string | null;
  readonly pooled_since: string | null;
  readonly skill: string | null;
  readonly task: TaskRecord | null;
  readonly external_ref: string | null;
  readonly first_source: OriginRecord | null;
  readonly last_source: OriginRecord | null;
  readonly touch_count: number;
  readonly repurchase_of: string | null;
  readonly previous_lead: string | null;
  readonly flags: readonly string[];
  readonly last_activity_at: string;
  readonly last_received_at: string;
  readonly created_at: string;
  readonly recorded_at: string;
  readonly updated_at: string;
}

/** A lead as lists show it. */
export function leadRecord({ lead, root, profile }: KnownLead, sight: Sight): LeadRecord {
  return {
    id: lead.id,
    customer_id: root,
    version: lead.version,
    masked: maskedOf(sight),
    phone: seen(sight, lead.phone, maskPhone),
    person: personSummary(profile, sight),
    state: lead.state,
    state_at: formatInstant(lead.stateAt),
    reason: seen(sight, lead.reason, maskText),
    dormant_by: lead.dormantBy,
    closed_at: momentOf(lead.closedAt),
    scope: lead.scope,
    cycle: lead.cycle,
    cycle_started_at: formatInstant(lead.cycleStartedAt),
    store: lead.store,
    owner: lead.owner,
    owner_since: momentOf(lead.ownerSince),
    former_store: lead.formerStore,
    former_owner: lead.formerOwner,
    closer: lead.closer,
    closer_store: lead.closerStore,
    rating: lead.rating,
    pooled_since: momentOf(lead.pooledSince),
    skill: lead.skill,
    task: lead.task === null ? null : taskRecord(lead.task),
    external_ref: lead.externalRef,
    first_source: originAnswer(lead.firstSource),
    last_source: originAnswer(lead.lastSource),
    touch_count: lead.touchCount,
    repurchase_of: lead.repurchaseOf,
    previous_lead: lead.previousLead,
    flags: lead.flags,
    last_activity_at: formatInstant(lead.lastActivityAt),
    last_received_at: formatInstant(lead.lastReceivedAt),
    created_at: formatInstant(lead.createdAt),
    recorded_at: formatInstant(lead.recordedAt),
    updated_at: formatInstant(lead.updatedAt),
  };
}

/** An open task as it is answered. */
export function taskRecord(task: OpenTask): TaskRecord {
  return {
    id: task.id,
    kind: task.kind,
    opened_at: formatInstant(task.openedAt),
    due_at: formatInstant(task.dueAt),
    rating: task.rating,
    steps: task.steps,
    external_ref: task.externalRef,
  };
}

/** A first or last source. Written out: spread over defaults it takes 5 µs, and a body has six of them. */
export function originAnswer(origin: Origin | null): OriginRecord | null {
  if (origin === null) return null;
  return {
    at: formatInstant(origin.at),
    received_at: formatInstant(origin.received_at),
    touch_id: origin.touch_id,
    channel: origin.channel,
    campaign_id: origin.campaign_id ?? null,
    campaign_name: origin.campaign_name ?? null,
    ad_campaign_id: origin.ad_campaign_id ?? null,
    advertiser_id: origin.advertiser_id ?? null,
    advertiser_name: origin.advertiser_name ?? null,
    source_id: origin.source_id,
    store: origin.store ?? null,
  };
}

function personSummary(profile: Profile, sight: Sight): PersonSummary {
  const value = (field: ProfileField) => seen(sight, standing(profile, field), maskText);
  const { province = null, city = null, district = null, street = null } = standingAddress(profile) ?? {};
  return {
    name: value('name'),
    gender: value('gender'),
    email: seen(sight, standing(profile, 'email'), maskEmail),
    company: value('company'),
    job_title: value('job_title'),
    industry: value('industry'),
    company_size: value('company_size'),
    province,
    city,
    district,
    street: seen(sight, street, maskText),
    tags: profile.tags.map((tag) => seen(sight, tag, maskText)),
  };
}

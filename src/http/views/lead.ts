import type { Selectable } from 'kysely';
import { formatInstant } from '../../domain/instant.ts';
import { maskPhone } from '../../domain/mask.ts';
import type { Origin } from '../../domain/origin.ts';
import { type Profile, type ProfileField, standing, standingAddress } from '../../domain/profile.ts';
import type { Reach } from '../../store/lead-page.ts';
import type { ListedLead } from '../../store/listed-lead.ts';
import type { DealTable } from '../../store/tables.ts';
import { maskEmail, maskText } from '../masking.ts';
import type { DealRecord, LeadDetail, LeadExists, LeadRecord } from '../schemas/lead-answer.ts';
import { maskedOf, type Sight, seen } from '../sight.ts';
import { covers } from '../visibility.ts';
import { momentOf } from './moment.ts';

/** A lead as lists show it. */
export function leadRecord({ lead, root, profile }: ListedLead, sight: Sight): LeadRecord {
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

/** A lead in full within the reach of a key; of others, that it exists. */
export function leadRecordWithin(reach: Reach | null, listed: ListedLead, sight: Sight): LeadRecord | LeadExists {
  return covers(reach, listed.lead) ? leadRecord(listed, sight) : leadExists(listed);
}

/** What is said of a lead of another store. */
export function leadExists({ lead }: Pick<ListedLead, 'lead'>): LeadExists {
  return { id: lead.id, exists: true, phone: lead.phone === null ? null : maskPhone(lead.phone) };
}

/** One lead with its deals. `family` are its own id and those of leads merged into it. */
export function leadDetail(
  listed: ListedLead,
  asked: string,
  family: readonly string[],
  deals: readonly Selectable<DealTable>[],
  sight: Sight,
): LeadDetail {
  const { id } = listed.lead;
  return {
    ...leadRecord(listed, sight),
    resolved_from: asked === id ? null : asked,
    merged_leads: family.filter((other) => other !== id),
    deals: dealAnswers(deals, sight),
  };
}

/** The deals of a lead, in their order. */
export function dealAnswers(deals: readonly Selectable<DealTable>[], sight: Sight): DealRecord[] {
  return deals.map((deal) => ({
    id: deal.id,
    kind: deal.kind,
    of_deal: deal.of_deal,
    amount: deal.amount,
    currency: deal.currency,
    net_amount: deal.kind === 'won' ? netAmount(deal, deals) : null,
    closer: deal.closer,
    store: deal.store,
    reason: seen(sight, deal.reason, maskText),
    actor: deal.actor,
    occurred_at: formatInstant(deal.occurred_at),
    recorded_at: formatInstant(deal.recorded_at),
  }));
}

function netAmount(won: Selectable<DealTable>, deals: readonly Selectable<DealTable>[]): number {
  return deals.reduce((sum, deal) => (deal.of_deal === won.id ? sum + deal.amount : sum), won.amount);
}

const NOTHING_KNOWN = {
  campaign_id: null,
  campaign_name: null,
  ad_campaign_id: null,
  advertiser_id: null,
  advertiser_name: null,
  store: null,
};

/** A first or last source. */
export function originAnswer(origin: Origin | null): LeadRecord['first_source'] {
  if (origin === null) return null;
  const at = formatInstant(origin.at);
  return { ...NOTHING_KNOWN, ...origin, at, received_at: formatInstant(origin.received_at) };
}

function personSummary(profile: Profile, sight: Sight): LeadRecord['person'] {
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

import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import type { KnownLead } from '../domain/lead-record.ts';
import type { Origin } from '../domain/origin.ts';
import type { PayloadCustomer, PayloadSubmission } from '../domain/payload.ts';
import type { Profile, Stated } from '../domain/profile.ts';

/** Ids of a sample: they name nothing. */
export const SAMPLE_IDS = {
  lead: '01970000-0000-7000-8000-00000000000a',
  otherLead: '01970000-0000-7000-8000-00000000000b',
  customer: '01970000-0000-7000-8000-00000000000c',
  otherCustomer: '01970000-0000-7000-8000-00000000000d',
  deal: '01970000-0000-7000-8000-00000000000e',
  entry: '01970000-0000-7000-8000-00000000000f',
  touch: '01970000-0000-7000-8000-000000000010',
  submission: '01970000-0000-7000-8000-000000000011',
  source: '01970000-0000-7000-8000-000000000012',
  quarantine: '01970000-0000-7000-8000-000000000013',
  merge: '01970000-0000-7000-8000-000000000014',
  endpoint: '01970000-0000-7000-8000-000000000015',
  import: '01970000-0000-7000-8000-000000000016',
  task: '01970000-0000-7000-8000-000000000017',
} as const;

const PHONE = '+8613800138000'; // given out to nobody
const CAMPAIGN = { id: 'c-2026-06', name: '六月试驾' };
const ADVERTISER = { id: 'adv-1', name: '杭州门店' };

/** A lead with every value that one can have, as it is a moment after its first touch. */
export function sampleLead(at: Instant): KnownLead {
  const origin = originAt(at);
  const lead: Lead = {
    id: SAMPLE_IDS.lead,
    customerId: SAMPLE_IDS.customer,
    scope: 'all',
    phone: PHONE,
    state: 'assigned',
    stateAt: at,
    priorState: null,
    reason: null,
    dormantBy: null,
    closedAt: null,
    cycle: 1,
    cycleStartedAt: at,
    store: 'S1',
    owner: 'A1',
    ownerSince: at,
    formerOwner: null,
    formerStore: null,
    ownerTaken: false,
    takenFrom: [],
    pooledSince: null,
    skill: null,
    closer: null,
    closerStore: null,
    repurchaseOf: null,
    previousLead: null,
    mergedInto: null,
    hidden: null,
    rating: 'medium',
    ratingFacts: null,
    firstSource: origin,
    lastSource: origin,
    touchCount: 1,
    lastActivityAt: at,
    lastReceivedAt: at,
    eventSequence: 1,
    flags: [],
    task: {
      id: SAMPLE_IDS.task,
      kind: 'first_contact',
      openedAt: at,
      dueAt: at + 9 * 3_600_000,
      rating: 'medium',
      steps: [],
      externalRef: null,
    },
    taskStepAt: at + 9 * 3_600_000,
    externalRef: null,
    version: 1,
    createdAt: at,
    recordedAt: at,
    updatedAt: at,
  };
  return { lead, root: SAMPLE_IDS.customer, profile: profileAt(at) };
}

/** The customer of it. */
export function sampleCustomer(at: Instant): PayloadCustomer {
  return {
    id: SAMPLE_IDS.customer,
    version: 1,
    phone: PHONE,
    firstSource: originAt(at),
    lastSource: originAt(at),
    touchCount: 1,
    createdAt: at,
    updatedAt: at,
  };
}

/** The submission that made it. */
export function sampleSubmission(at: Instant): PayloadSubmission {
  return {
    id: SAMPLE_IDS.submission,
    sourceId: SAMPLE_IDS.source,
    sourceName: '杭州落地页',
    externalId: 'sample-1',
    decision: 'created',
    rule: 'created.no_lead_in_scope',
    policyVersion: 1,
    mode: 'live',
    fields: {
      advertiser: ADVERTISER,
      traffic: { platform: 'douyin', medium: 'feed', keyword: '电动车', utm_source: 'douyin' },
      person: PERSON,
      product: { brand: '样车', series: 'S', model: 'S-1' },
      intent: { kind: 'form', budget: 20_000_000, currency: 'CNY', horizon: '1m', need: '周末试驾' },
      campaign: CAMPAIGN,
    },
    occurredAt: at,
    receivedAt: at,
  };
}

const PERSON = {
  name: '张三',
  gender: 'male',
  email: 'zhangsan@example.com',
  company: '示例公司',
  job_title: '经理',
  industry: '零售',
  company_size: '50-200',
  province: '浙江',
  city: '杭州',
  district: '西湖',
  street: '文三路 1 号',
  tags: ['样例'],
};

function originAt(at: Instant): Origin {
  return {
    at,
    received_at: at,
    touch_id: SAMPLE_IDS.touch,
    channel: 'douyin',
    source_id: SAMPLE_IDS.source,
    campaign_id: CAMPAIGN.id,
    campaign_name: CAMPAIGN.name,
    ad_campaign_id: 'ad-1',
    advertiser_id: ADVERTISER.id,
    advertiser_name: ADVERTISER.name,
    store: 'S1',
  };
}

function profileAt(at: Instant): Profile {
  const { tags, province, city, district, street, ...values } = PERSON;
  const stamp = { at, rec: at, sub: SAMPLE_IDS.submission };
  const stated = Object.fromEntries(
    Object.entries(values).map(([field, v]): [string, Stated] => [field, { v, rank: 1, ...stamp }]),
  );
  return {
    stated,
    address: { v: { province, city, district, street }, ...stamp },
    addressCleared: null,
    tags,
    confirmed: {},
    confirmedAddress: null,
  };
}

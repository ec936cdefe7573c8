import type { Instant } from './instant.ts';
import type { Fields } from './submission.ts';

/** First or last source: which touch, when, and what attribution counts by. Stored as it is on lead and customer. */
export interface Origin {
  readonly at: Instant;
  readonly received_at: Instant;
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

/** What an origin is made of, besides the touch and its time. */
export interface OriginFacts {
  readonly channel: string;
  readonly fields: Fields;
  readonly source: { readonly id: string };
  readonly store: string | null;
  readonly receivedAt: Instant;
}

/** The origin that a submission gives its touch. */
export function originOf(facts: OriginFacts, touchId: string, at: Instant): Origin {
  const { campaign, traffic, advertiser } = facts.fields;
  return {
    at,
    received_at: facts.receivedAt,
    touch_id: touchId,
    channel: facts.channel,
    campaign_id: campaign?.id ?? traffic?.campaign_id ?? null,
    campaign_name: campaign?.name ?? traffic?.campaign_name ?? null,
    ad_campaign_id: traffic?.campaign_id ?? null,
    advertiser_id: advertiser?.id ?? null,
    advertiser_name: advertiser?.name ?? null,
    source_id: facts.source.id,
    store: facts.store,
  };
}

function precedes(a: Origin, b: Origin): boolean {
  if (a.at !== b.at) return a.at < b.at;
  if (a.received_at !== b.received_at) return a.received_at < b.received_at;
  return a.touch_id < b.touch_id;
}

/** The earlier of two by (occurred_at, received_at, id), whatever the order of arrival. */
export function earliest(known: Origin | null, other: Origin): Origin {
  return known === null || precedes(other, known) ? other : known;
}

/** The later of two by (occurred_at, received_at, id). */
export function latest(known: Origin | null, other: Origin): Origin {
  return known === null || precedes(known, other) ? other : known;
}

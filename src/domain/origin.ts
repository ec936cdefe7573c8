import type { Instant } from './instant.ts';
import type { Fields } from './submission.ts';

/** First or last source: which touch, when, and what attribution counts by. Stored as it is on lead and customer. */
export interface Origin {
  readonly at: Instant;
  readonly received_at: Instant;
  readonly touch_id: string;
  readonly channel: string;
  readonly source_id: string;
  // Absent where nothing is known: an origin is stored four times with every touch, so that its length counts.
  readonly campaign_id?: string;
  readonly campaign_name?: string;
  readonly ad_campaign_id?: string;
  readonly advertiser_id?: string;
  readonly advertiser_name?: string;
  readonly store?: string;
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
    source_id: facts.source.id,
    ...known('campaign_id', campaign?.id ?? traffic?.campaign_id),
    ...known('campaign_name', campaign?.name ?? traffic?.campaign_name),
    ...known('ad_campaign_id', traffic?.campaign_id),
    ...known('advertiser_id', advertiser?.id),
    ...known('advertiser_name', advertiser?.name),
    ...known('store', facts.store ?? undefined),
  };
}

function known<Name extends keyof Origin>(name: Name, value: string | undefined): { readonly [N in Name]?: string } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [N in Name]: string });
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

import { TOUCH_KINDS } from '../domain/submission.ts';
import type { AbsentKind } from './absent.ts';
import type { CanonicalField } from './canonical-field.ts';

/** What the values of a field are, with the limits that the canonical body has for them. */
export type FieldKind =
  | { readonly kind: 'text'; readonly most: number; readonly absent: AbsentKind } // characters
  | { readonly kind: 'moment' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'number'; readonly most: number }
  | { readonly kind: 'amount' } // minor units (分)
  | { readonly kind: 'currency' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'gender' }
  | { readonly kind: 'tags' }
  | { readonly kind: 'region' };

const MOMENT = { kind: 'moment' } as const;
const AMOUNT = { kind: 'amount' } as const;
const CURRENCY = { kind: 'currency' } as const;
const ID = text(200, 'id');

function text(most: number, absent: AbsentKind = 'plain'): FieldKind {
  return { kind: 'text', most, absent };
}

/** The kind of every canonical field. */
export const FIELD_KINDS: Readonly<Record<CanonicalField, FieldKind>> = {
  external_id: ID,
  channel: text(64),
  occurred_at: MOMENT,
  store: text(64, 'id'),
  visitor_id: ID,
  test: { kind: 'flag' },
  'person.phone': ID,
  'person.phone_kind': { kind: 'choice', of: ['mobile', 'landline', 'relay', 'other'] },
  'person.wechat': text(100, 'id'),
  'person.wecom.corp_id': ID,
  'person.wecom.external_user_id': ID,
  'person.name': text(100, 'name'),
  'person.gender': { kind: 'gender' },
  'person.email': text(254, 'id'),
  'person.province': text(64),
  'person.city': text(64),
  'person.district': text(64),
  'person.street': text(300),
  'person.company': text(200, 'name'),
  'person.job_title': text(100),
  'person.industry': text(100),
  'person.company_size': text(64),
  'person.tags': { kind: 'tags' },
  region: { kind: 'region' },
  'traffic.platform': text(64, 'id'),
  'traffic.medium': text(64, 'id'),
  'traffic.placement': text(200, 'id'),
  'traffic.account_id': ID,
  'traffic.account_name': ID,
  'traffic.campaign_id': ID,
  'traffic.campaign_name': ID,
  'traffic.adgroup_id': ID,
  'traffic.adgroup_name': ID,
  'traffic.creative_id': ID,
  'traffic.creative_name': ID,
  'traffic.keyword': ID,
  'traffic.landing_page': text(2048, 'id'),
  'traffic.form_id': ID,
  'traffic.referrer': text(2048, 'id'),
  'traffic.utm_source': ID,
  'traffic.utm_medium': ID,
  'traffic.utm_campaign': ID,
  'traffic.utm_term': ID,
  'traffic.utm_content': ID,
  'traffic.click_id': text(1024, 'id'),
  'traffic.click_id_kind': text(64, 'id'),
  'traffic.platform_lead_id': ID,
  'traffic.content_id': ID,
  'traffic.anchor_id': ID,
  'traffic.scene_code': ID,
  'advertiser.type': { kind: 'choice', of: ['hq', 'region', 'store', 'dealer', 'partner'] },
  'advertiser.id': ID,
  'advertiser.name': ID,
  'advertiser.budget_owner': text(200),
  'advertiser.ad_account_id': ID,
  'advertiser.cost_centre': ID,
  'product.brand': text(100),
  'product.category': text(100),
  'product.series': text(100),
  'product.model': text(100),
  'product.quantity': { kind: 'number', most: 1_000_000_000 },
  'product.price': AMOUNT,
  'product.currency': CURRENCY,
  'product.store_of_interest': text(64, 'id'),
  'intent.kind': { kind: 'choice', of: TOUCH_KINDS },
  'intent.budget': AMOUNT,
  'intent.currency': CURRENCY,
  'intent.horizon': text(100),
  'intent.need': text(4000),
  'intent.appointment_at': MOMENT,
  'campaign.id': ID,
  'campaign.name': text(200),
  'campaign.kind': text(64),
  'campaign.start': MOMENT,
  'campaign.end': MOMENT,
  'campaign.host': text(200),
  'campaign.venue': text(200),
  'campaign.offer': text(500),
};

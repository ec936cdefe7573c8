import type { Instant } from './instant.ts';
import type { PhoneKind, PhoneQuality } from './phone.ts';

/** 触点类型: what kind of interest a touch expresses. */
export const TOUCH_KINDS = ['order', 'event', 'form', 'consult', 'visit', 'call', 'follow', 'behaviour'] as const;
export type TouchKind = (typeof TOUCH_KINDS)[number];

export const PURPOSES = ['contact', 'analytics', 'ad_feedback'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** 投放方 */
export interface Advertiser {
  readonly type?: string; // hq, region, store, dealer, partner
  readonly id?: string;
  readonly name?: string;
  readonly budget_owner?: string;
  readonly ad_account_id?: string;
  readonly cost_centre?: string;
}

/** 流量方 */
export interface Traffic {
  readonly platform?: string;
  readonly medium?: string;
  readonly placement?: string;
  readonly account_id?: string;
  readonly account_name?: string;
  readonly campaign_id?: string;
  readonly campaign_name?: string;
  readonly adgroup_id?: string;
  readonly adgroup_name?: string;
  readonly creative_id?: string;
  readonly creative_name?: string;
  readonly levels?: Readonly<Record<string, string>>; // the platform's own level names
  readonly keyword?: string;
  readonly landing_page?: string;
  readonly form_id?: string;
  readonly referrer?: string;
  readonly utm_source?: string;
  readonly utm_medium?: string;
  readonly utm_campaign?: string;
  readonly utm_term?: string;
  readonly utm_content?: string;
  readonly click_id?: string;
  readonly click_id_kind?: string;
  readonly platform_lead_id?: string;
  readonly content_id?: string;
  readonly anchor_id?: string;
  readonly scene_code?: string;
}

/** 用户, without identities and consents, which are kept apart. */
export interface Person {
  readonly name?: string;
  readonly gender?: string;
  readonly email?: string;
  readonly province?: string;
  readonly city?: string;
  readonly district?: string;
  readonly street?: string;
  readonly company?: string;
  readonly job_title?: string;
  readonly industry?: string;
  readonly company_size?: string;
  readonly tags?: readonly string[];
}

/** 产品 */
export interface Product {
  readonly brand?: string;
  readonly category?: string;
  readonly series?: string;
  readonly model?: string;
  readonly quantity?: number;
  readonly price?: number; // minor units, as shown
  readonly currency?: string;
  readonly store_of_interest?: string;
}

/** 意向 */
export interface Intent {
  readonly kind?: TouchKind;
  readonly budget?: number; // minor units, as declared
  readonly currency?: string;
  readonly horizon?: string;
  readonly need?: string;
  readonly appointment_at?: string;
}

/** 活动 */
export interface Campaign {
  readonly id?: string;
  readonly name?: string;
  readonly kind?: string;
  readonly start?: string;
  readonly end?: string;
  readonly host?: string;
  readonly venue?: string;
  readonly offer?: string;
}

/** The field groups of one submission, cleaned: no blank value is present. */
export interface Fields {
  readonly advertiser?: Advertiser;
  readonly traffic?: Traffic;
  readonly person?: Person;
  readonly product?: Product;
  readonly intent?: Intent;
  readonly campaign?: Campaign;
  readonly clear?: readonly string[]; // names of person fields that the customer takes back
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A consent as a submission states it. */
export interface ConsentStatement {
  readonly purpose: Purpose;
  readonly granted: boolean;
  readonly at?: string;
  readonly text_version?: string;
  readonly proof?: string;
}

/** What a way in makes of one thing that arrived, before normalising: the canonical body. */
export interface Draft {
  readonly external_id?: string;
  readonly channel?: string;
  readonly occurred_at?: string;
  readonly person?: Person & {
    readonly phone?: string;
    readonly phone_kind?: PhoneKind;
    readonly wechat?: string;
    readonly wecom?: { readonly corp_id: string; readonly external_user_id: string };
  };
  readonly traffic?: Traffic;
  readonly advertiser?: Advertiser;
  readonly product?: Product;
  readonly intent?: Intent;
  readonly campaign?: Campaign;
  readonly store?: string;
  readonly owner?: string; // scope ops
  readonly consents?: readonly ConsentStatement[];
  readonly clear?: readonly string[]; // names of person fields that the customer takes back
  readonly visitor_id?: string; // the browser that it came from, as behaviours name it; kept as extra.visitor_id
  readonly test?: boolean;
  readonly schema_version?: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export type IdentityKind = 'phone' | 'wechat' | 'wecom' | 'platform_lead';

/** One identity: (kind, namespace, value) is unique and names one customer. */
export interface Identity {
  readonly kind: IdentityKind;
  readonly namespace: string; // corp id for wecom, source id for platform_lead, else ''
  readonly value: string;
}

export interface Phone {
  readonly e164: string;
  readonly typed: string;
  readonly kind: PhoneKind;
  readonly quality: PhoneQuality;
  readonly others: readonly string[];
}

/** A consent statement with its moment fixed. */
export interface DatedConsent {
  readonly purpose: Purpose;
  readonly granted: boolean;
  readonly at: Instant;
  readonly textVersion?: string;
  readonly proof?: string;
}

/** The three keys of idempotency, looked up in this order. */
export type KeyKind = 'delivery' | 'request' | 'external';
export interface Key {
  readonly kind: KeyKind;
  readonly key: string;
}

/** What the rules need to know of the source that a submission came by. */
export interface SourceRules {
  readonly id: string;
  readonly channel: string | null;
  readonly completesLater: boolean;
  readonly updateSemantics: boolean;
  readonly conflicts: 'answer' | 'keep'; // a known key with other content: refused, or kept in quarantine
  readonly defaults: Pick<Draft, 'advertiser' | 'campaign' | 'store' | 'traffic'>;
}

export type Mode = 'live' | 'history';

/** Why a submission cannot be used; it is quarantined whole. */
export interface Refusal {
  readonly code: string; // phone_invalid, phone_masked, phone_scientific_notation, phone_relay, phone_not_personal, phone_empty, date_invalid, and what a way in says
  readonly path: string;
  readonly hint: string;
}

/** One normalised submission: everything that judging needs, and nothing that it must look up. */
export interface Submission {
  readonly source: SourceRules;
  readonly keys: readonly Key[];
  readonly externalId: string | null;
  readonly content: string; // canonical JSON of the content, for the replay fingerprint
  readonly noiseContent: string; // canonical JSON of person, product, intent, campaign, for the noise fingerprint
  readonly identities: readonly Identity[]; // strongest first; empty when none is usable
  readonly phone: Phone | null;
  readonly phoneTyped: string | null;
  readonly channel: string; // as stated, else the source's, else `unknown`
  readonly kind: TouchKind | null; // as stated; null: the channel's default
  readonly campaignKey: string | null; // campaign or form, part of the noise rule
  readonly store: string | null;
  readonly owner: string | null; // named by ops
  readonly fields: Fields;
  readonly consents: readonly DatedConsent[];
  readonly test: boolean;
  readonly mode: Mode;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly flags: readonly string[];
  readonly warnings: readonly string[];
  readonly refusal: Refusal | null; // when set, no identity is usable or a date is unreadable
  readonly completes: string | null; // quarantine retry: the submission it completes
}

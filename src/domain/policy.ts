/** 规则: every tunable number of judging, as one document; each change is a new immutable version. */
export interface Policy {
  readonly scope: Scope;
  readonly noise_window_seconds: number;
  readonly clock_skew_seconds: number;
  readonly dormant_after_days: number;
  readonly number_reuse_after_months: number;
  readonly receipt_days: number; // how long delivery and request keys are remembered; external ones never expire
  readonly consent_default: { readonly contact: boolean; readonly analytics: boolean; readonly ad_feedback: boolean };
}

/** 查重范围: in what duplicates are looked for; a blank field counts as `all`. */
export const SCOPES = ['all', 'product.brand', 'product.category', 'advertiser.id'] as const;
export type Scope = (typeof SCOPES)[number];

/** The policy that a deployment starts with, as version 1. */
export const DEFAULT_POLICY: Policy = Object.freeze({
  scope: 'all',
  noise_window_seconds: 300,
  clock_skew_seconds: 300,
  dormant_after_days: 30,
  number_reuse_after_months: 12,
  receipt_days: 90,
  consent_default: Object.freeze({ contact: true, analytics: false, ad_feedback: false }),
});

/** A policy with its version; the decision names it. */
export interface PolicyVersion {
  readonly version: number;
  readonly document: Policy;
}

import type { AssignmentPolicy } from './assignment.ts';
import type { RatingPolicy } from './rating.ts';
import type { FollowUpPolicy } from './task.ts';

/** 规则: every tunable number of judging, as one document; each change is a new immutable version. */
export interface Policy {
  readonly scope: Scope;
  readonly noise_window_seconds: number;
  readonly clock_skew_seconds: number;
  readonly dormant_after_days: number;
  readonly number_reuse_after_months: number;
  readonly receipt_days: number; // how long delivery and request keys are remembered; external ones never expire
  readonly rating: RatingPolicy;
  readonly assignment: AssignmentPolicy;
  readonly follow_up: FollowUpPolicy;
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
  rating: Object.freeze({
    kinds: Object.freeze({
      order: 'high',
      event: 'medium',
      form: 'medium',
      consult: 'medium',
      visit: 'medium',
      call: 'low',
      follow: 'low',
      behaviour: 'low',
    }),
    channels: Object.freeze({}),
    upgrade: Object.freeze({ channels: 3, days: 30, to: 'high' }),
    downgrade: Object.freeze({ unanswered: 3, to: 'low' }),
  }),
  assignment: Object.freeze({
    rules: Object.freeze([
      Object.freeze({ name: 'capture_store', when: Object.freeze({}), give: Object.freeze({ to: 'capture_store' }) }),
      Object.freeze({ name: 'territory', when: Object.freeze({}), give: Object.freeze({ to: 'territory' }) }),
      Object.freeze({ name: 'hq', when: Object.freeze({}), give: Object.freeze({ to: 'hq' }) }),
    ]),
    off_shift: 'wait',
    cool_down_hours: 168,
  }),
  follow_up: Object.freeze({
    sla_hours: Object.freeze({ high: 1, medium: 9, low: 18 }),
    ladder_hours: Object.freeze({ notice: -0.25, remind: 0, escalate: 24, recycle: 48 }),
  }),
  consent_default: Object.freeze({ contact: true, analytics: false, ad_feedback: false }),
});

/** A policy with its version; the decision names it. */
export interface PolicyVersion {
  readonly version: number;
  readonly document: Policy;
}

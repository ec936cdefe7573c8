import type { Instant } from './instant.ts';
import type { Rating } from './rating.ts';

/** Steps of the ladder, in their order. */
export const LADDER = ['notice', 'remind', 'escalate', 'recycle'] as const;
export type LadderStep = (typeof LADDER)[number];

/** 跟进任务: the one open task of an open lead. */
export interface OpenTask {
  readonly id: string;
  readonly kind: 'first_contact' | 'follow_up';
  readonly openedAt: Instant; // from when its time counts: receipt of the capture, or the assignment
  readonly dueAt: Instant;
  readonly rating: Rating; // under which it is due
  readonly steps: readonly LadderStep[]; // done
  readonly externalRef: string | null;
}

/** The part of the policy that says until when, and what happens then. */
export interface FollowUpPolicy {
  readonly sla_hours: Readonly<Record<Rating, number>>; // business hours
  readonly ladder_hours: Readonly<Record<LadderStep, number | null>>; // elapsed hours after it is due, less than 0 before; null: left out
}

/** 跟进方式 */
export const METHODS = ['wecom', 'phone', 'sms', 'visit', 'mail', 'other'] as const;
export type Method = (typeof METHODS)[number];

/** 跟进结果: what a follow-up came to. */
export const FOLLOW_UP_OUTCOMES = [
  'answered',
  'no_answer',
  'wrong_number',
  'refused',
  'interested',
  'appointment',
  'other',
] as const;
export type FollowUpOutcome = (typeof FOLLOW_UP_OUTCOMES)[number];

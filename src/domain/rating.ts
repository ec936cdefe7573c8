import type { Instant } from './instant.ts';
import type { TouchKind } from './submission.ts';

/** 意向评级, weakest first. */
export const RATINGS = ['low', 'medium', 'high'] as const;
export type Rating = (typeof RATINGS)[number];

/** The part of the policy that rates. */
export interface RatingPolicy {
  readonly kinds: Readonly<Record<TouchKind, Rating>>;
  readonly channels: Readonly<Record<string, Rating>>; // instead of the kind's, by channel
  readonly upgrade: { readonly channels: number; readonly days: number; readonly to: Rating };
  readonly downgrade: { readonly unanswered: number; readonly to: Rating };
}

/** What a lead's rating rests on; all moments are event time. */
export interface RatingFacts {
  readonly base: { readonly rating: Rating; readonly touchId: string; readonly at: Instant } | null; // the best touch of the cycle
  readonly touchAt: Instant | null; // of the newest touch of the cycle
  readonly answeredAt: Instant | null; // of the newest follow-up that was answered
  readonly unanswered: readonly { readonly id: string; readonly at: Instant }[]; // since the last answer or touch, newest last
  readonly manual: {
    readonly rating: Rating;
    readonly at: Instant;
    readonly actor: string;
    readonly reason: string | null;
    readonly over: string | null; // the touch that ended it; null: it holds
  } | null;
  readonly rule: string; // rating.none, rating.base, rating.channels, rating.unanswered, rating.manual
  readonly evidence: readonly string[]; // ids of touches or follow-ups
  readonly policyVersion: number;
}

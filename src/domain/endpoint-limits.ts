import { TIMEOUT_MAX_MS } from './endpoint.ts';

/** What numbers of an endpoint may be: the least and the most. */
export const ENDPOINT_LIMITS = {
  rate_limit: [0.01, 10_000],
  concurrency: [1, 256],
  timeout_ms: [500, TIMEOUT_MAX_MS],
  deadline_seconds: [10, 30 * 86_400],
  hold_seconds: [0, 86_400],
  hold_attempts: [1, 30],
  schedule_entries: [1, 30],
  schedule_seconds: [0, 7 * 86_400],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** Longest texts of an endpoint, in characters. */
export const ENDPOINT_TEXTS = {
  url: 2_000,
  description: 200,
  recipient: 200,
  expression: 10_000,
  code: 64, // of a channel or store
} as const;

/** Most values of one part of a filter. */
export const FILTER_MOST = 200;

/** Ratings that a filter can name. */
export const RATINGS = ['high', 'medium', 'low'] as const;

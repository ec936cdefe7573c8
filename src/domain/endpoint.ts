import type { Instant } from './instant.ts';
import { DEFAULT_SCHEDULE } from './retry.ts';
import type { Purpose } from './submission.ts';

/** What of a person an endpoint's bodies hold: masked values, full ones, or ids only. */
export const PAYLOAD_MODES = ['masked', 'full', 'thin'] as const;
export type PayloadMode = (typeof PAYLOAD_MODES)[number];

/** How deliveries are signed: `v1` HMAC-SHA256 with a shared secret, `v1a` Ed25519 with a key of our own. */
export const SIGNATURES = ['v1', 'v1a'] as const;
export type SignatureScheme = (typeof SIGNATURES)[number];

/** Paused: nothing is sent, and what comes is kept. Deleted: nothing comes any more. */
export const ENDPOINT_STATES = ['active', 'paused', 'deleted'] as const;
export type EndpointState = (typeof ENDPOINT_STATES)[number];

/** Why an endpoint is paused: by hand, after a 410, or after days of failing. */
export const PAUSED_REASONS = ['operator', 'gone', 'failing'] as const;
export type PausedReason = (typeof PAUSED_REASONS)[number];

/** Which leads' events an endpoint gets; null: of every one. */
export interface EndpointFilter {
  readonly channels: readonly string[] | null; // of the event's submission, or of the lead's first or last source
  readonly stores: readonly string[] | null; // of the lead
  readonly sources: readonly string[] | null; // ids; of the event's submission, or of the lead's first or last source
  readonly ratings: readonly string[] | null; // of the lead
}

/** How long the first undelivered event of a lead holds back those behind it; whichever comes first. */
export interface Hold {
  readonly seconds: number; // since its first attempt
  readonly attempts: number;
}

/** How an endpoint is sent to: what the fan-out does not ask. Stored as it is. */
export interface EndpointSettings {
  readonly payload: PayloadMode;
  readonly signature: SignatureScheme;
  readonly rate_limit: number | null; // requests a second, over all processes; null: none
  readonly concurrency: number; // requests under way, over all processes
  readonly timeout_ms: number; // of one attempt: from connecting to the end of the answer
  readonly retry_schedule: readonly number[]; // seconds before each attempt, the first one too
  readonly hold: Hold; // of an ordered endpoint
  readonly deadline_seconds: number | null; // an event recorded longer ago is dead instead of late
  readonly recipient: string | null; // who is behind it, for the provision ledger
  readonly purpose: Purpose | null; // a lead without this consent is withheld
  readonly mapping: string | null; // JSONata that makes the body of the payload
  readonly success_when: string | null; // JSONata over { status, body } that a 2xx answer must fulfil
}

export const DEFAULT_ENDPOINT_SETTINGS: EndpointSettings = {
  payload: 'masked',
  signature: 'v1',
  rate_limit: null,
  concurrency: 16,
  timeout_ms: 15_000,
  retry_schedule: DEFAULT_SCHEDULE,
  hold: { seconds: 600, attempts: 5 },
  deadline_seconds: null,
  recipient: null,
  purpose: null,
  mapping: null,
  success_when: null,
};

/** The longest total timeout: with it a dead worker's claims are back within 30 s. */
export const TIMEOUT_MAX_MS = 25_000;

/** A downstream receiver, without its secrets and the values of its headers. */
export interface Endpoint {
  readonly id: string;
  readonly description: string;
  readonly url: string;
  readonly state: EndpointState;
  readonly pausedReason: PausedReason | null;
  readonly events: readonly string[]; // types, `lead.*`, `*`
  readonly filter: EndpointFilter;
  readonly ordered: boolean;
  readonly settings: EndpointSettings;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** A secret of an endpoint: `whsec_…` or `whsk_…`; one that was rotated away signs until it expires. */
export interface EndpointSecret {
  readonly id: string;
  readonly secret: string;
  readonly expires_at: Instant | null;
}

/** An endpoint with what sending needs; never logged, never answered. */
export interface SendingEndpoint {
  readonly endpoint: Endpoint;
  readonly secrets: readonly EndpointSecret[]; // newest first
  readonly headers: Readonly<Record<string, string>>;
}

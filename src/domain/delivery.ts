import type { Instant } from './instant.ts';

/** What has become of a delivery. */
export const DELIVERY_STATES = {
  pending: 'Waits for its turn or for its next attempt.',
  parked: 'Failed so often or so long that later events of its lead go on; it is still tried.',
  delivered: 'The receiver answered 2xx.',
  dead: 'Given up: every attempt failed, its deadline passed, or its address may not be called. It can be redriven.',
  withheld: 'Not sent: the person has not consented to the purpose of the endpoint.',
  cancelled: 'Not sent: the endpoint was deleted, or the person erased.',
} as const;
export type DeliveryState = keyof typeof DELIVERY_STATES;

/** States in which nothing more happens by itself. */
export const FINAL_STATES = ['delivered', 'dead', 'withheld', 'cancelled'] as const;
export type FinalState = (typeof FINAL_STATES)[number];

/** States out of which a delivery can be sent again. */
export const REDRIVABLE = ['dead', 'withheld', 'parked'] as const;

/**
 * Claims of a redriven delivery are numbered so far beyond those before. A worker whose lease has ended may still hold an earlier
 * one, and an attempt has the number of its claim, so those made before stay beside the new ones.
 */
export const REDRIVEN_CLAIMS = 1000;

/** One event for one endpoint. */
export interface Delivery {
  readonly id: string;
  readonly createdAt: Instant; // recorded_at of its event
  readonly endpointId: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly customerId: string | null;
  readonly leadId: string | null;
  readonly sequence: number | null;
  readonly previousSequence: number | null;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly attempts: number;
  readonly lastAttemptAt: Instant | null;
  readonly lastStatus: number | null;
  readonly settledAt: Instant | null;
}

/** One HTTP call of a delivery. */
export interface Attempt {
  readonly deliveryId: string;
  readonly number: number;
  readonly at: Instant;
  readonly duration: number; // milliseconds
  readonly result: string;
  readonly status: number | null;
  readonly excerpt: string | null;
}

import type { SendingEndpoint } from '../domain/endpoint.ts';
import type { Instant } from '../domain/instant.ts';
import type { AttemptResult } from '../domain/retry.ts';
import type { Crew } from '../domain/share.ts';
import type { Vault } from '../domain/vault.ts';
import type { IngestConnection } from '../store/session.ts';
import type { AttemptDeps } from './attempt-delivery.ts';
import type { DeliveryLane } from './delivery-lane.ts';

/** What one attempt came to, for log and metrics; no person is in it. */
export interface AttemptReport {
  readonly endpointId: string;
  readonly deliveryId: string;
  readonly eventType: string;
  readonly attempt: number;
  readonly result: AttemptResult;
  readonly state: string;
  readonly milliseconds: number;
  readonly firstByteMs: number | null; // from the event's recording to the first byte sent; of a first attempt
}

/** What the dispatcher tells those who watch. */
export interface DispatchReports {
  readonly claimed: (milliseconds: number, count: number) => void;
  readonly attempted: (report: AttemptReport) => void;
  readonly failed: (
    what: 'open' | 'claim' | 'render' | 'keep' | 'send' | 'settle' | 'pause' | 'health',
    error: unknown,
  ) => void;
}

/** What a dispatcher is made of. */
export interface DispatcherDeps extends AttemptDeps {
  readonly id: string; // of this process among those that deliver
  readonly vault: Vault;
  // A claim or a settlement that a crash of the database forgets is done again; a body that was sent may not be forgotten.
  readonly claims: () => Promise<IngestConnection>; // relaxed
  readonly settles: () => Promise<IngestConnection>; // relaxed
  readonly bodies: () => Promise<IngestConnection>; // durable
  readonly concurrency: number; // over all endpoints
  readonly readEndpoints: () => Promise<readonly SendingEndpoint[]>; // the active ones
  readonly beat: () => Promise<Crew>;
  readonly leave: () => Promise<void>;
  /** Pauses an endpoint that has answered 410. */
  readonly pauseGone: (endpointId: string) => Promise<void>;
  /** Hears how each attempt of an endpoint went, for its health. */
  readonly health: (lane: DeliveryLane, delivered: 'yes' | 'no', now: Instant) => void;
  readonly reports: DispatchReports;
}

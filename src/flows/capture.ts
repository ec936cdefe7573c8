import type { Instant } from '../domain/instant.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Draft, Mode, Refusal, SourceRules } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Session } from '../store/session.ts';
import { coalesce } from './coalesce.ts';
import { ingestDryRun } from './ingest.ts';
import { type IngestFailure, ingestResiliently, type Lane } from './ingest-resiliently.ts';
import { type Prepared, prepareItem } from './prepare.ts';
import type { SeedSource } from './seed.ts';

/** One thing that arrived by a way in, with its circumstances. */
export interface CaptureItem {
  readonly draft: Draft;
  readonly content?: unknown; // what counts for the replay fingerprint; the draft when left out
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly idempotencyKey: string | null;
  readonly deliveryId?: string | null;
  readonly source: SourceRules;
  readonly actor: string;
  readonly requestId: string | null;
  readonly mode: Mode;
  readonly receivedAt: Instant;
  readonly refusal?: Refusal | null; // why it cannot be used, where the way in knows: it is quarantined
  readonly completes?: string | null; // the quarantined submission that this is the correction of
}

/** What an item came to: an outcome, or why it could not be judged at all; then nothing of it was written. */
export type CaptureResult =
  | { readonly kind: 'judged'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly failure: IngestFailure };

/** The one way in. */
export interface Capture {
  /** Judges and keeps items: same order, same length. Rejects with OverloadError before any work when too many wait. */
  readonly submit: (items: readonly CaptureItem[]) => Promise<readonly CaptureResult[]>;
  /** The decisions that `submit` would make now; writes nothing and takes no lock. */
  readonly dryRun: (items: readonly CaptureItem[]) => Promise<readonly Outcome[]>;
  /** How many items wait for a batch. */
  readonly waiting: () => number;
  /** For how long the item that is next has waited for its batch, in milliseconds; 0 where none waits. */
  readonly lagMs: () => number;
  /** Resolves when everything accepted is done. */
  readonly idle: () => Promise<void>;
  /** Whether anything came within the last second: what can wait should make room. */
  readonly busy: () => boolean;
}

export interface CaptureDeps {
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly clock: () => Instant;
  readonly region: string;
  readonly lanes: readonly Lane[];
  readonly batchMax: number;
  readonly queueMax: number;
  readonly readOnly: <T>(read: (session: Session) => Promise<T>) => Promise<T>;
  readonly report: (line: BatchReport) => void;
}

/** The wide line of one batch; no identity is in it. */
export interface BatchReport {
  readonly size: number;
  readonly milliseconds: number;
  readonly tries: number;
  readonly decisions: Readonly<Record<string, number>>;
  readonly failed: number;
}

// At 64 connections on two cores: 16 gave 2,030 to 2,230 leads/s (batches of 20 on two lanes that overlap), 64 gave 1,830 (batches
// of 32 on one), 8 gave 1,830 (batches of 18: a row costs Postgres a third more). At 256, see the coalescer for its other half.
const LANE_MIN = 16;
const BUSY_MS = 1_000;

/** Builds the way in over its lanes, each with a connection of its own. */
export function createCapture(deps: CaptureDeps): Capture {
  const { vault, seeds, clock, region, lanes } = deps;
  const ready = (item: CaptureItem): Prepared => prepareItem(item, region, vault, seeds);
  const coalescer = coalesce<Prepared, CaptureResult>({
    lanes: lanes.length,
    batchMax: deps.batchMax,
    queueMax: deps.queueMax,
    laneMin: LANE_MIN,
    run: async (index, batch) => {
      const lane = lanes[index];
      if (lane === undefined) throw new Error('no such lane');
      const began = clock();
      const { results, tries } = await ingestResiliently(lane, vault, batch, clock);
      deps.report({ size: batch.length, milliseconds: clock() - began, tries, ...count(results) });
      return results;
    },
  });
  let last = Number.NEGATIVE_INFINITY;
  return {
    submit: (items) => {
      last = performance.now();
      return coalescer.submit(items.map(ready));
    },
    dryRun: (items) => deps.readOnly((session) => ingestDryRun(session, vault, items.map(ready), clock())),
    waiting: coalescer.waiting,
    lagMs: coalescer.lagMs,
    idle: coalescer.idle,
    busy: () => coalescer.waiting() > 0 || performance.now() - last < BUSY_MS,
  };
}

function count(results: readonly CaptureResult[]): Pick<BatchReport, 'decisions' | 'failed'> {
  const decisions: Record<string, number> = {};
  let failed = 0;
  for (const result of results) {
    if (result.kind === 'failed') failed += 1;
    else decisions[result.outcome.decision] = (decisions[result.outcome.decision] ?? 0) + 1;
  }
  return { decisions, failed };
}

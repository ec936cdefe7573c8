import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { FetchReports } from '../flows/fetch-leads.ts';
import type { Importer } from '../flows/importer.ts';
import type { Intake } from '../flows/intake.ts';
import type { SeedSource } from '../flows/seed.ts';
import type { Db } from '../store/database.ts';
import type { ApiGet } from '../webhooks/outbound.ts';
import { type BehaviourRetention, behavioursRetentionWorker } from './behaviours-retention.ts';
import { deletedEndpointsWorker } from './deleted-endpoints.ts';
import { dormancyWorker } from './dormancy.ts';
import { failingEndpointsWorker } from './failing-endpoints.ts';
import { importsWorker } from './imports.ts';
import { type ImportRetention, importsRetentionWorker } from './imports-retention.ts';
import { ladderWorker } from './ladder.ts';
import { leadFetchesWorker } from './lead-fetches.ts';
import { partitionsWorker, type Retention } from './partitions.ts';
import { poolDrainWorker } from './pool-drain.ts';
import { receiptsWorker } from './receipts.ts';
import { recordingsWorker } from './recordings.ts';
import { scoreDecayWorker } from './score-decay.ts';
import { tokenExpiryWorker } from './token-expiry.ts';
import type { Worker } from './worker.ts';

/** What the workers need. */
export interface WorkerDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly now: () => Instant;
  readonly retention: Retention & ImportRetention & BehaviourRetention;
  readonly chance: (bytes: number) => Uint8Array;
  readonly intake: Intake; // takes in what is fetched
  readonly api: ApiGet;
  readonly importer: Importer;
  readonly fetches: FetchReports;
}

/** Every worker of a process. */
export function workers(deps: WorkerDeps): readonly Worker[] {
  const { db, vault, seeds, now, retention, chance, intake, api, fetches, importer } = deps;
  return [
    partitionsWorker(db, now, retention),
    receiptsWorker(db, now),
    recordingsWorker(db, now),
    dormancyWorker(db, vault, seeds, now),
    poolDrainWorker(db, vault, seeds, now),
    ladderWorker(db, vault, seeds, now),
    scoreDecayWorker(db, { vault, seeds }, now),
    behavioursRetentionWorker(db, now, retention),
    deletedEndpointsWorker(db, now),
    failingEndpointsWorker(db, now, chance),
    leadFetchesWorker({ ...intake, api, reports: fetches }),
    importsWorker(importer),
    importsRetentionWorker(db, now, chance, retention),
    tokenExpiryWorker(intake.book, now, fetches.expiring),
  ];
}

import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { SeedSource } from '../flows/seed.ts';
import type { Db } from '../store/database.ts';
import { deletedEndpointsWorker } from './deleted-endpoints.ts';
import { dormancyWorker } from './dormancy.ts';
import { failingEndpointsWorker } from './failing-endpoints.ts';
import { partitionsWorker, type Retention } from './partitions.ts';
import { receiptsWorker } from './receipts.ts';
import type { Worker } from './worker.ts';

/** What the workers need. */
export interface WorkerDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly now: () => Instant;
  readonly retention: Retention;
  readonly chance: (bytes: number) => Uint8Array;
}

/** Every worker of a process. */
export function workers({ db, vault, seeds, now, retention, chance }: WorkerDeps): readonly Worker[] {
  return [
    partitionsWorker(db, now, retention),
    receiptsWorker(db, now),
    dormancyWorker(db, vault, seeds, now),
    deletedEndpointsWorker(db, now),
    failingEndpointsWorker(db, now, chance),
  ];
}

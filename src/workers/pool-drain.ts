import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import { createDrainBook } from '../flows/drain-book.ts';
import { drainPools } from '../flows/drain-pools.ts';
import type { SeedSource } from '../flows/seed.ts';
import type { Db } from '../store/database.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 1_000; // how long after room appears somebody may wait for a lead

/** Gives leads that wait in pools to whoever has room: after a close, at the start of a shift, on return. */
export function poolDrainWorker(db: Db, vault: Vault, seeds: SeedSource, now: () => Instant): Worker {
  const book = createDrainBook();
  return {
    name: 'pool-drain',
    everyMs: EVERY_MS,
    eager: true,
    round: () => drainPools(db, vault, seeds, now(), book),
  };
}

import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import { climbLadder } from '../flows/climb-ladder.ts';
import type { SeedSource } from '../flows/seed.ts';
import type { Db } from '../store/database.ts';
import { rest } from './rest.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 5_000;
const SIZE = 200; // leads of a transaction, whose people are locked meanwhile: some ten milliseconds
const BATCHES_MAX = 5; // a round ends, so that a process can stop; the next one goes on

/** Takes the steps that are due on overdue tasks: reminds, tells the manager, takes the lead back. */
export function ladderWorker(db: Db, vault: Vault, seeds: SeedSource, now: () => Instant): Worker {
  return {
    name: 'ladder',
    everyMs: EVERY_MS,
    eager: true,
    round: async () => {
      let total = 0;
      for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
        const began = performance.now();
        const { looked, steps } = await climbLadder(db, vault, seeds, now(), SIZE);
        total += steps;
        if (looked < SIZE) break;
        await rest(began);
      }
      return total;
    },
  };
}

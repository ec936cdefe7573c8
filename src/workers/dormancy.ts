import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { SeedSource } from '../flows/seed.ts';
import { sweepDormancy } from '../flows/sweep-dormancy.ts';
import type { Db } from '../store/database.ts';
import type { IdlePage } from '../store/idle-leads.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 10_000;
const LOOK = 2_000; // leads of a step: a transaction of some ten milliseconds
const STEPS_MAX = 25; // a round looks at 50,000 leads at most, the next goes on where it ended

/** Puts idle leads to sleep; captures do not wait for it, since they judge an idle lead as asleep by themselves. */
export function dormancyWorker(db: Db, vault: Vault, seeds: SeedSource, now: () => Instant): Worker {
  let after: IdlePage | null = null;
  return {
    name: 'dormancy',
    everyMs: EVERY_MS,
    round: async () => {
      let total = 0;
      for (let step = 0; step < STEPS_MAX; step += 1) {
        const { slept, next } = await sweepDormancy(db, vault, seeds, now(), after, LOOK);
        total += slept;
        after = next;
        if (next === null) break;
      }
      return total;
    },
  };
}

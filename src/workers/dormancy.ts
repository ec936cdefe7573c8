import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { SeedSource } from '../flows/seed.ts';
import { sweepDormancy } from '../flows/sweep-dormancy.ts';
import type { Db } from '../store/database.ts';
import type { IdlePage } from '../store/idle-leads.ts';
import { rest } from './rest.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 10_000;
const LOOK = 2_000; // leads of a step: a transaction of some ten milliseconds
const STEPS_MAX = 25; // a round looks at 50,000 leads at most
const BUSY_MAX = 5; // … and ends after so many steps that put leads to sleep, so that a process can stop; the next goes on from there

/** Puts idle leads to sleep; captures do not wait for it, since they judge an idle lead as asleep by themselves. */
export function dormancyWorker(db: Db, vault: Vault, seeds: SeedSource, now: () => Instant): Worker {
  let after: IdlePage | null = null;
  return {
    name: 'dormancy',
    everyMs: EVERY_MS,
    eager: true,
    round: async () => {
      let [total, busy] = [0, 0];
      for (let step = 0; step < STEPS_MAX; step += 1) {
        const began = performance.now();
        const { slept, next } = await sweepDormancy(db, vault, seeds, now(), after, LOOK);
        total += slept;
        after = next;
        if (next === null) break;
        if (slept === 0) continue;
        busy += 1;
        if (busy === BUSY_MAX) break;
        await rest(began);
      }
      return total;
    },
  };
}

import type { Instant } from '../domain/instant.ts';
import { expireBehaviours } from '../store/behaviours.ts';
import type { Db } from '../store/database.ts';
import type { Worker } from './worker.ts';

/** How long behaviours are kept. */
export interface BehaviourRetention {
  readonly behaviourRetentionDays: number | null; // null: for ever
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BATCH = 5_000; // rows deleted at once: well under a second
const BATCHES_MAX = 200; // a round ends, so that a process can stop; the next one goes on

/** Forgets behaviours past their retention. */
export function behavioursRetentionWorker(db: Db, now: () => Instant, retention: BehaviourRetention): Worker {
  const { behaviourRetentionDays: days } = retention;
  return {
    name: 'behaviours-retention',
    everyMs: HOUR_MS,
    round: async () => {
      if (days === null) return 0;
      let total = 0;
      for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
        const deleted = await expireBehaviours(db, now() - days * DAY_MS, BATCH);
        total += deleted;
        if (deleted < BATCH) break;
      }
      return total;
    },
  };
}

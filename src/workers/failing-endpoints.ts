import type { Instant } from '../domain/instant.ts';
import { pauseFailing } from '../flows/pause-failing.ts';
import type { Db } from '../store/database.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 60_000;

/** Pauses endpoints that have failed for days. */
export function failingEndpointsWorker(db: Db, now: () => Instant, chance: (bytes: number) => Uint8Array): Worker {
  return {
    name: 'failing-endpoints',
    everyMs: EVERY_MS,
    round: async () => (await pauseFailing(db, now(), chance)).length,
  };
}

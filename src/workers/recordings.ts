import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { forgetRecordedPushes } from '../store/recordings.ts';
import type { Worker } from './worker.ts';

const RECORDED_MS = 7 * 86_400_000; // for so long a recorded push is kept
const EVERY_MS = 3_600_000;

/** Forgets pushes that were recorded for a look, a week after. */
export function recordingsWorker(db: Db, now: () => Instant): Worker {
  return {
    name: 'recordings',
    everyMs: EVERY_MS,
    round: () => forgetRecordedPushes(db, { before: now() - RECORDED_MS }),
  };
}

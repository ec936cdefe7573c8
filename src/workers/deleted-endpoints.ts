import type { Instant } from '../domain/instant.ts';
import { cancelDeleted } from '../flows/cancel-deleted.ts';
import type { Db } from '../store/database.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 10_000;

/** Cancels what waits for endpoints that were deleted, also what was written while they were. */
export function deletedEndpointsWorker(db: Db, now: () => Instant): Worker {
  return { name: 'deleted-endpoints', everyMs: EVERY_MS, round: () => cancelDeleted(db, now()) };
}

import type { Instant } from '../domain/instant.ts';
import { cancelOfDeleted } from '../store/cancel-deleted.ts';
import type { Db } from '../store/database.ts';

const BATCH = 5_000; // some hundred milliseconds
const BATCHES_MAX = 200; // a round ends, so that a process can stop; the next one goes on

/** Cancels what was still to be sent to deleted endpoints, in transactions of their own; answers how many deliveries it was. */
export async function cancelDeleted(db: Db, now: Instant): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const cancelled = await db.transaction().execute((tx) => cancelOfDeleted(tx, now, BATCH));
    total += cancelled;
    if (cancelled < BATCH) break;
  }
  return total;
}

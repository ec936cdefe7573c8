import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { expireReceipts } from '../store/receipts-expire.ts';
import type { Worker } from './worker.ts';

// 5,000 deletes take well under a second, so that nothing waits long behind one; 200 of them a minute keep up with
// 16,000 expiring keys a second.
const BATCH = 5000;
const BATCHES_MAX = 200;
const EVERY_MS = 60_000;

/** Forgets expired idempotency keys. */
export function receiptsWorker(db: Db, now: () => Instant): Worker {
  return {
    name: 'receipts',
    everyMs: EVERY_MS,
    round: async () => {
      const before = now();
      let total = 0;
      for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
        const expired = await expireReceipts(db, before, BATCH);
        total += expired;
        if (expired < BATCH) break;
      }
      return total;
    },
  };
}

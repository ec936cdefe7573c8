import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { dropPartitions, ensurePartitions, type PartitionedTable, trimDefaultPartition } from '../store/partitions.ts';
import type { Worker } from './worker.ts';

/** How long the rows of the partitioned tables are kept, in days; null: for ever. */
export interface Retention {
  readonly rawRetentionDays: number | null;
  readonly eventRetentionDays: number | null;
}

const DAY_MS = 86_400_000;
const EVERY_MS = 6 * 3_600_000; // partitions are made two months ahead
const TRIM_BATCH = 5000;
const TRIM_BATCHES_MAX = 200; // a round ends, so that a process can stop; the next one goes on

/** Makes the coming months' partitions and drops those past their retention. */
export function partitionsWorker(db: Db, now: () => Instant, retention: Retention): Worker {
  return {
    name: 'partitions',
    everyMs: EVERY_MS,
    round: async () => {
      const at = now();
      const made = await ensurePartitions(db, at);
      const raw = await retain(db, 'raw_body', retention.rawRetentionDays, at);
      const events = await retain(db, 'event', retention.eventRetentionDays, at);
      return made.length + raw + events;
    },
  };
}

/** Drops the months past their retention, and deletes what the default partition holds of them. */
async function retain(db: Db, table: PartitionedTable, days: number | null, now: Instant): Promise<number> {
  if (days === null) return 0;
  const before = now - days * DAY_MS;
  let total = (await dropPartitions(db, table, before)).length;
  for (let batch = 0; batch < TRIM_BATCHES_MAX; batch += 1) {
    const trimmed = await trimDefaultPartition(db, table, before, TRIM_BATCH);
    total += trimmed;
    if (trimmed < TRIM_BATCH) break;
  }
  return total;
}

import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { isDueWithin, oldestDueBefore } from '../store/delivery-retention.ts';
import { dropPartitions, ensurePartitions, type PartitionedTable, trimDefaultPartition } from '../store/partitions.ts';
import type { Worker } from './worker.ts';

/** How long the rows of the partitioned tables are kept, in days; null: for ever. */
export interface Retention {
  readonly rawRetentionDays: number | null;
  readonly deliveryRetentionDays: number | null;
  readonly eventRetentionDays: number | null;
}

const DAY_MS = 86_400_000;
const EVERY_MS = 6 * 3_600_000; // partitions are made two months ahead
const TRIM_BATCH = 5000;
const TRIM_BATCHES_MAX = 200; // a round ends, so that a process can stop; the next one goes on

/** Tables of what is sent and what it is made of: none is dropped under a delivery that is still to be sent. */
const SENT = ['delivery', 'delivery_body', 'attempt'] as const;

/** Makes the coming months' partitions and drops those past their retention. */
export function partitionsWorker(db: Db, now: () => Instant, retention: Retention): Worker {
  return {
    name: 'partitions',
    everyMs: EVERY_MS,
    round: async () => {
      const at = now();
      let total = (await ensurePartitions(db, at)).length;
      total += await retain(db, 'raw_body', retention.rawRetentionDays, at);
      for (const table of SENT) total += await retainDue(db, table, retention.deliveryRetentionDays, at);
      return total + (await retainDue(db, 'event', retention.eventRetentionDays, at));
    },
  };
}

/** Drops the months past their retention, and deletes what the default partition holds of them. */
async function retain(db: Db, table: PartitionedTable, days: number | null, now: Instant): Promise<number> {
  if (days === null) return 0;
  const before = now - days * DAY_MS;
  const dropped = await dropPartitions(db, table, before);
  return dropped.length + (await trim(db, table, before));
}

/** The same, but for months of which something is still to be sent, and in the default partition what is as old as that. */
async function retainDue(db: Db, table: PartitionedTable, days: number | null, now: Instant): Promise<number> {
  if (days === null) return 0;
  const before = now - days * DAY_MS;
  const dropped = await dropPartitions(db, table, before, isDueWithin);
  return dropped.length + (await trim(db, table, await oldestDueBefore(db, before)));
}

async function trim(db: Db, table: PartitionedTable, before: Instant): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < TRIM_BATCHES_MAX; batch += 1) {
    const trimmed = await trimDefaultPartition(db, table, before, TRIM_BATCH);
    total += trimmed;
    if (trimmed < TRIM_BATCH) break;
  }
  return total;
}

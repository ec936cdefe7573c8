import type { Inbound } from '../flows/inbound.ts';
import { takeSpooled } from '../flows/take-spooled.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 500;

/** Takes in what was spooled while the database was away, oldest first, until nothing is left or it is away again. */
export function spoolWorker(inbound: Inbound): Worker {
  return { name: 'spool', everyMs: EVERY_MS, round: () => takeSpooled(inbound) };
}

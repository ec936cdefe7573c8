import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { longFailing } from '../store/endpoint-health-rows.ts';
import { sessionOf } from '../store/session.ts';
import { newId } from './new-id.ts';
import { pauseByItself } from './pause-endpoint.ts';

/** How long an endpoint may do nothing but fail before it is paused. */
const FAILING_PAUSE_MS = 5 * 24 * 3_600_000;

/** Pauses endpoints that have failed for five days, and answers their ids; any number of processes may do so at once. */
export async function pauseFailing(
  db: Db,
  at: Instant,
  chance: (bytes: number) => Uint8Array,
): Promise<readonly string[]> {
  const failing = await db.transaction().execute((tx) => longFailing(sessionOf(tx), at - FAILING_PAUSE_MS));
  const paused: string[] = [];
  for (const endpointId of failing) {
    const done = await pauseByItself(db, { endpointId, reason: 'failing', at, newId: () => newId(at, chance) });
    if (done === 'paused') paused.push(endpointId);
  }
  return paused;
}

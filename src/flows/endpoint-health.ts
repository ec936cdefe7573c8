import type { Instant } from '../domain/instant.ts';
import type { HealthWrite } from '../store/endpoint-health-rows.ts';
import type { DeliveryLane } from './delivery-lane.ts';

const REPEAT_MS = 10_000; // what does not change is written again after so long

/**
 * Writes how endpoints fare when that changes, and else now and then: not at every attempt. `write` is told one at a time for an
 * endpoint; what it throws is reported and written again with the next change.
 */
export function createHealthBook(
  write: (health: HealthWrite) => Promise<void>,
  failed: (error: unknown) => void,
): (lane: DeliveryLane, delivered: 'yes' | 'no', now: Instant) => void {
  const told = new Map<string, { readonly key: string; readonly at: Instant }>();
  return (lane, delivered, now) => {
    const endpointId = lane.sending().endpoint.id;
    const breaker = lane.breaker(now);
    const failing = delivered === 'yes' ? 'no' : 'yes';
    const key = `${failing} ${breaker.state}`;
    const before = told.get(endpointId);
    if (before?.key === key && now - before.at < REPEAT_MS) return;
    told.set(endpointId, { key, at: now });
    const breakerUntil = breaker.state === 'open' ? breaker.until : null;
    write({ endpointId, failing, breaker: breaker.state, breakerUntil, at: now }).catch((error) => {
      told.delete(endpointId);
      failed(error);
    });
  };
}

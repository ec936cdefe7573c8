import type { Want } from '../../src/store/delivery-claim.ts';

/** What a worker wants of one endpoint: one delivery, of everything that is due. */
export function aWant(endpointId: string, over: Partial<Want> = {}): Want {
  const { slots = 1 } = over;
  return { endpointId, slots, look: slots * 2, from: null, leaseMs: 30_000, holdMs: 600_000, consent: 'skip', ...over };
}

import type { Directory } from './directory.ts';
import { chainOf, type Place } from './place.ts';
import { territoryOf } from './territory.ts';

/** Where somebody is looked for anew: through the store's wheels; in no store, through those of the region of the customer's city. */
export function poolChain(directory: Directory, store: string | null, city: string | null): readonly Place[] {
  const region = store === null ? territoryOf(directory, city).region : null;
  return chainOf(directory, store, region?.code ?? null);
}

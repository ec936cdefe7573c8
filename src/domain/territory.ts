import { cityKey } from './city-key.ts';
import type { Directory, Region, Store } from './directory.ts';

/** Who covers a city: its stores that are active, by code; the region, which takes what none of them does. With neither it is HQ's. */
export interface Territory {
  readonly stores: readonly Store[];
  readonly region: Region | null;
}

const NOBODY: Territory = Object.freeze({ stores: Object.freeze([]), region: null });

// Asked for every touch and changed once a week: each directory is turned round once.
const maps = new WeakMap<Directory, ReadonlyMap<string, Territory>>();

/** Who covers a city of a directory; the region that names the city goes before the one of a store that covers it. */
export function territoryOf(
  directory: Directory,
  city: string | null,
): { readonly stores: readonly Store[]; readonly region: Region | null } {
  if (city === null) return NOBODY;
  const known = maps.get(directory) ?? mapOf(directory);
  maps.set(directory, known);
  return known.get(cityKey(city)) ?? NOBODY;
}

function mapOf(directory: Directory): ReadonlyMap<string, Territory> {
  const found = new Map<string, Territory>();
  for (const region of inOrder(directory.regions)) {
    for (const city of region.cities) {
      const key = cityKey(city);
      if (!found.has(key)) found.set(key, { stores: [], region });
    }
  }
  for (const store of inOrder(directory.stores)) {
    for (const key of new Set(store.cities.map(cityKey))) {
      const { stores, region } = found.get(key) ?? NOBODY;
      const own = store.region === null ? undefined : directory.regions.get(store.region);
      found.set(key, { stores: store.active ? [...stores, store] : stores, region: region ?? own ?? null });
    }
  }
  return found;
}

function inOrder<T extends { readonly code: string }>(all: ReadonlyMap<string, T>): readonly T[] {
  return [...all.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
}

import type { Adviser, Directory } from './directory.ts';

/** A pool of advisers that take turns: of a store, of a region, or of HQ. */
export type Place = `store:${string}` | `region:${string}` | 'hq';

/** Everybody of each place, by code; places where nobody is are missing. */
export type Places = ReadonlyMap<Place, readonly Adviser[]>;

// A directory is read seldom and asked with every lead: who is where is kept with it.
const known = new WeakMap<Directory, Places>();

/** Who is in which place. */
export function placesOf(directory: Directory): Places {
  const kept = known.get(directory);
  if (kept !== undefined) return kept;
  const places = new Map<Place, Adviser[]>();
  const advisers = [...directory.advisers.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  for (const adviser of advisers) {
    for (const place of placesOfAdviser(adviser)) {
      const there = places.get(place);
      if (there === undefined) places.set(place, [adviser]);
      else there.push(adviser);
    }
  }
  known.set(directory, places);
  return places;
}

/** The places that an adviser takes turns in. */
function placesOfAdviser({ stores, regions, hq }: Adviser): readonly Place[] {
  const store = stores.map((code): Place => `store:${code}`);
  const region = regions.map((code): Place => `region:${code}`);
  return [...store, ...region, ...(hq ? (['hq'] as const) : [])];
}

/** Where somebody is looked for, in order: the store, its region, HQ; store null: the region alone, and HQ. */
export function chainOf(directory: Directory, store: string | null, region: string | null = null): readonly Place[] {
  const above = store === null ? region : (directory.stores.get(store)?.region ?? null);
  const own: readonly Place[] = store === null ? [] : [`store:${store}`];
  return [...own, ...(above === null ? [] : [`region:${above}` as const]), 'hq'];
}

/**
 * The rows of `pool` that guard turns and caps in some places: of each place where anybody is its own, and of each adviser there who
 * has a cap and is elsewhere too, one of theirs.
 */
export function guardsOf(directory: Directory, asked: Iterable<Place>): readonly string[] {
  const places = placesOf(directory);
  const guards = new Set<string>();
  for (const place of asked) {
    const there = places.get(place);
    if (there === undefined) continue;
    guards.add(place);
    for (const adviser of there) guards.add(guardOfAdviser(adviser) ?? place);
  }
  return [...guards];
}

/** The row of `pool` that guards what an adviser is given; null where they have no cap. */
export function guardOfAdviser(adviser: Adviser): string | null {
  if (!isCapped(adviser)) return null;
  const [only, other] = placesOfAdviser(adviser);
  return only !== undefined && other === undefined ? only : `adviser:${adviser.code}`;
}

function isCapped({ openCap, dailyCap }: Adviser): boolean {
  return openCap !== null || dailyCap !== null;
}

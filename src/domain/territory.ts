import type { Directory, Region, Store } from './directory.ts';

/** A city as it is compared: 南京市 and 南京 are one. */
export function cityKey(city: string): string {
  const text = city.normalize('NFKC').trim().toLowerCase();
  return text.length > 2 && text.endsWith('市') ? text.slice(0, -1) : text;
}

/** The active stores that cover a city, by code, and the region that does. */
export function territoryOf(
  directory: Directory,
  city: string | null,
): { readonly stores: readonly Store[]; readonly region: Region | null } {
  if (city === null) return { stores: [], region: null };
  const key = cityKey(city);
  const covers = ({ cities }: { readonly cities: readonly string[] }): boolean =>
    cities.some((one) => cityKey(one) === key);
  const stores = [...directory.stores.values()].filter((store) => store.active && covers(store));
  const region = [...directory.regions.values()].find(covers) ?? null;
  return { stores: stores.sort((a, b) => (a.code < b.code ? -1 : 1)), region };
}

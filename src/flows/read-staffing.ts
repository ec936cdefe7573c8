import { DEFAULT_CALENDAR } from '../domain/calendar.ts';
import type { Adviser, Directory } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import { type Place, placesOf } from '../domain/place.ts';
import { type Staffing, staffingOf } from '../domain/staffing.ts';
import { dayStart } from '../domain/zone.ts';
import { type Counting, countLeadsOf } from '../store/adviser-counts.ts';
import { lockPools, readPools } from '../store/pools.ts';
import type { Session } from '../store/session.ts';

/** Reads whose turn it is and how many leads people have, after the pools are locked; `lock` false reads without. */
export async function readStaffing(
  session: Session,
  directory: Directory,
  asked: { readonly places: Iterable<Place>; readonly guards: readonly string[]; readonly advisers: Iterable<string> },
  options: { readonly lock: boolean; readonly at: Instant; readonly together: <T>(send: () => T) => T },
): Promise<Staffing> {
  const { lock, at, together } = options;
  const { guards } = asked;
  const [turns, counts] = await together(() =>
    Promise.all([
      lock ? lockPools(session, guards, at) : readPools(session, guards),
      countLeadsOf(session, countingOf(directory, asked, at)),
    ]),
  );
  return staffingOf(directory, { turns, ...counts });
}

/** Who has a cap, or is in a store that gives to whoever has the fewest. */
function countingOf(
  directory: Directory,
  { places, advisers }: { readonly places: Iterable<Place>; readonly advisers: Iterable<string> },
  at: Instant,
): readonly Counting[] {
  const counted = new Map<string, Counting>();
  const count = (adviser: Adviser): void => {
    const since = adviser.dailyCap === null ? null : dayStart(zoneOf(directory, adviser), at);
    counted.set(adviser.code, { adviser: adviser.code, since });
  };
  const there = placesOf(directory);
  for (const place of places) {
    const fewest = place.startsWith('store:') && directory.stores.get(place.slice(6))?.pick === 'least_loaded';
    for (const adviser of there.get(place) ?? []) if (fewest || isCapped(adviser)) count(adviser);
  }
  for (const code of advisers) {
    const adviser = directory.advisers.get(code);
    if (adviser !== undefined && isCapped(adviser)) count(adviser);
  }
  return [...counted.values()];
}

function isCapped({ openCap, dailyCap }: Adviser): boolean {
  return openCap !== null || dailyCap !== null;
}

/** The zone in which an adviser's day begins: that of their shifts, else of their first store. */
function zoneOf({ stores }: Directory, adviser: Adviser): string {
  if (adviser.shifts !== null) return adviser.shifts.zone;
  const [first] = adviser.stores.flatMap((code) => stores.get(code) ?? []);
  return (first?.calendar ?? DEFAULT_CALENDAR).zone;
}

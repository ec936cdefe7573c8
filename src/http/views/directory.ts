import type { Adviser, Region, Store } from '../../domain/directory.ts';
import { formatInstant, momentOf } from '../../domain/instant.ts';
import type { Kept } from '../../store/directory-rows.ts';
import type { AdviserAnswer } from '../schemas/adviser.ts';
import type { RegionAnswer } from '../schemas/region.ts';
import type { StoreAnswer } from '../schemas/store.ts';

/** A region as it is answered. */
export function regionAnswer({ code, name, cities, ...row }: Kept<Region>): RegionAnswer {
  return { code, name, cities, ...keptAnswer(row) };
}

/** A store as it is answered. */
export function storeAnswer(row: Kept<Store>): StoreAnswer {
  const { code, name, region, cities, calendar, pick, manager, active } = row;
  return { code, name, region, cities, calendar, pick, manager, active, ...keptAnswer(row) };
}

/** An adviser as they are answered. */
export function adviserAnswer(row: Kept<Adviser>): AdviserAnswer {
  const { code, name, stores, regions, hq, skills, weight, shifts, active } = row;
  return {
    code,
    name,
    stores,
    regions,
    hq,
    skills,
    weight,
    open_cap: row.openCap,
    daily_cap: row.dailyCap,
    shifts,
    leave: row.leave.map(({ from, until }) => ({ from: formatInstant(from), until: momentOf(until) })),
    active,
    ...keptAnswer(row),
  };
}

function keptAnswer({
  externalRef,
  version,
  createdAt,
  updatedAt,
}: Pick<Kept<Region>, 'externalRef' | 'version' | 'createdAt' | 'updatedAt'>) {
  return {
    external_ref: externalRef,
    version,
    created_at: formatInstant(createdAt),
    updated_at: formatInstant(updatedAt),
  };
}

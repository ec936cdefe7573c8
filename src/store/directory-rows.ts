import type { BusinessCalendar } from '../domain/calendar.ts';
import type { Adviser, Leave, Region, Shifts, Store } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';

/** An entry of the directory with the times of its row. */
export type Kept<T> = T & { readonly createdAt: Instant; readonly updatedAt: Instant };

/** A page of a list by code: at most `limit` rows after the code of the last one seen. */
export interface CodePage {
  readonly after: string | null;
  readonly limit: number;
}

/** A row of `region`. */
export interface RegionJson {
  readonly code: string;
  readonly name: string;
  readonly cities: readonly string[];
  readonly external_ref: string | null;
  readonly version: number;
}

/** A row of `store`. */
export interface StoreJson extends RegionJson {
  readonly region: string | null;
  readonly calendar: BusinessCalendar;
  readonly pick: Store['pick'];
  readonly manager: string | null;
  readonly active: boolean;
}

/** A row of `adviser`. */
export interface AdviserJson {
  readonly code: string;
  readonly name: string;
  readonly stores: readonly string[];
  readonly regions: readonly string[];
  readonly hq: boolean;
  readonly skills: readonly string[];
  readonly weight: number;
  readonly open_cap: number | null;
  readonly daily_cap: number | null;
  readonly shifts: Shifts | null;
  readonly leave: readonly Leave[];
  readonly active: boolean;
  readonly external_ref: string | null;
  readonly version: number;
}

/** The region of a row. */
export function regionOf({ code, name, cities, external_ref, version }: RegionJson): Region {
  return { code, name, cities, externalRef: external_ref, version };
}

/** The store of a row. */
export function storeOf(row: StoreJson): Store {
  const { region, calendar, pick, manager, active } = row;
  return { ...regionOf(row), region, calendar, pick, manager, active };
}

/** The adviser of a row. */
export function adviserOf({ open_cap, daily_cap, external_ref, ...row }: AdviserJson): Adviser {
  const { code, name, stores, regions, hq, skills, weight, shifts, leave, active, version } = row;
  return {
    code,
    name,
    stores,
    regions,
    hq,
    skills,
    weight,
    openCap: open_cap,
    dailyCap: daily_cap,
    shifts,
    leave,
    active,
    externalRef: external_ref,
    version,
  };
}

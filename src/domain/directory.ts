import type { BusinessCalendar, Hours, Weekday } from './calendar.ts';
import type { Instant } from './instant.ts';

/** How a pool picks: in turn, in turn by weight, or whoever has the fewest open leads. */
export const PICKS = ['round_robin', 'weighted', 'least_loaded'] as const;
export type Pick = (typeof PICKS)[number];

/** 大区: what takes the leads that no store of it covers or can take. */
export interface Region {
  readonly code: string;
  readonly name: string;
  readonly cities: readonly string[];
  readonly externalRef: string | null;
  readonly version: number;
}

/** 门店 */
export interface Store {
  readonly code: string; // `lead.store`
  readonly name: string;
  readonly region: string | null;
  readonly cities: readonly string[];
  readonly calendar: BusinessCalendar;
  readonly pick: Pick;
  readonly manager: string | null; // an adviser: whom the ladder tells
  readonly active: boolean;
  readonly externalRef: string | null;
  readonly version: number;
}

/** 班次: weekly hours of the wall clock of a zone. */
export interface Shifts {
  readonly zone: string;
  readonly weekly: Readonly<Partial<Record<Weekday, readonly Hours[]>>>;
}

/** 请假: a span of absence; `until` null: until further notice. */
export interface Leave {
  readonly from: Instant;
  readonly until: Instant | null;
}

/** 顾问 */
export interface Adviser {
  readonly code: string; // `lead.owner`
  readonly name: string;
  readonly stores: readonly string[];
  readonly regions: readonly string[];
  readonly hq: boolean;
  readonly skills: readonly string[];
  readonly weight: number; // 1 to 100
  readonly openCap: number | null;
  readonly dailyCap: number | null;
  readonly shifts: Shifts | null; // null: always on shift
  readonly leave: readonly Leave[];
  readonly active: boolean;
  readonly externalRef: string | null;
  readonly version: number;
}

/** 组织: everybody and every place that leads can be given to, as of a version of it. */
export interface Directory {
  readonly version: number;
  readonly regions: ReadonlyMap<string, Region>;
  readonly stores: ReadonlyMap<string, Store>;
  readonly advisers: ReadonlyMap<string, Adviser>;
}

/** A directory in which nobody is: nothing is assigned, and no task is made. */
export const EMPTY_DIRECTORY: Directory = Object.freeze({
  version: 0,
  regions: new Map(),
  stores: new Map(),
  advisers: new Map(),
});

/** Whether leads are worked in this deployment: from its first store or adviser on. */
export function isWorking({ stores, advisers }: Directory): boolean {
  return stores.size > 0 || advisers.size > 0;
}

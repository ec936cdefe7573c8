import type { BusinessCalendar } from '../domain/calendar.ts';
import type { Adviser, Directory, Leave, Region, Shifts, Store } from '../domain/directory.ts';
import type { Session } from './session.ts';

const VERSION = { name: 'directory_version', text: 'select version from directory' };

/** The version of the directory, counted up with every change of it. */
export async function readDirectoryVersion(session: Session): Promise<number> {
  const [row] = await session.run<{ version: number }>(VERSION, []);
  return row?.version ?? 0;
}

const READ = {
  name: 'read_directory',
  text: `select (select version from directory) as version,
      (select coalesce(json_agg(to_json(r)), '[]') from region r) as regions,
      (select coalesce(json_agg(to_json(s)), '[]') from store s) as stores,
      (select coalesce(json_agg(to_json(a)), '[]') from adviser a) as advisers`,
};

interface RegionJson {
  readonly code: string;
  readonly name: string;
  readonly cities: readonly string[];
  readonly external_ref: string | null;
  readonly version: number;
}
interface StoreJson extends RegionJson {
  readonly region: string | null;
  readonly calendar: BusinessCalendar;
  readonly pick: Store['pick'];
  readonly manager: string | null;
  readonly active: boolean;
}
interface AdviserJson {
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

/** The whole directory, in one statement, so that it is of one moment. */
export async function readDirectory(session: Session): Promise<Directory> {
  const [row] = await session.run<{
    version: number;
    regions: readonly RegionJson[];
    stores: readonly StoreJson[];
    advisers: readonly AdviserJson[];
  }>(READ, []);
  const byCode = <T extends { readonly code: string }>(all: readonly T[]) => new Map(all.map((one) => [one.code, one]));
  return {
    version: row?.version ?? 0,
    regions: byCode((row?.regions ?? []).map(regionOf)),
    stores: byCode((row?.stores ?? []).map(storeOf)),
    advisers: byCode((row?.advisers ?? []).map(adviserOf)),
  };
}

function regionOf({ code, name, cities, external_ref, version }: RegionJson): Region {
  return { code, name, cities, externalRef: external_ref, version };
}

function storeOf(row: StoreJson): Store {
  const { region, calendar, pick, manager, active } = row;
  return { ...regionOf(row), region, calendar, pick, manager, active };
}

function adviserOf({ open_cap, daily_cap, external_ref, ...row }: AdviserJson): Adviser {
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

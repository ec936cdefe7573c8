import { sql } from 'kysely';
import type { Adviser, Store } from '../../src/domain/directory.ts';
import type { Db } from '../../src/store/database.ts';

/** Noon of 10 June 2026, a Wednesday, in Shanghai. */
export const NOON = Date.parse('2026-06-10T12:00:00+08:00');

const CALENDAR = {
  zone: 'Asia/Shanghai',
  weekly: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, [['09:00', '18:00']]]),
  ),
  special: {},
};

/** What a test says of a store besides its code. */
export type StoreTold = Partial<Pick<Store, 'region' | 'cities' | 'pick' | 'active'>>;
/** What a test says of an adviser besides code and stores. */
export type AdviserTold = Partial<Omit<Adviser, 'code' | 'name' | 'version' | 'externalRef'>>;

/** Hours of every day, for shifts. */
export function shifts(from: string, until: string): NonNullable<Adviser['shifts']> {
  const { zone, weekly } = CALENDAR;
  return { zone, weekly: Object.fromEntries(Object.keys(weekly).map((day) => [day, [[from, until]]])) };
}

/** Puts stores and advisers into the directory, or changes those that are there, and counts its version up. */
export async function staff(
  db: Db,
  told: {
    readonly regions?: Readonly<Record<string, readonly string[]>>; // cities by code
    readonly stores?: Readonly<Record<string, StoreTold>>;
    readonly advisers?: Readonly<Record<string, AdviserTold>>;
  },
): Promise<void> {
  const at = new Date(NOON);
  const common = { created_at: at, updated_at: at };
  await db.transaction().execute(async (tx) => {
    for (const [code, cities] of Object.entries(told.regions ?? {})) {
      await tx
        .insertInto('region')
        .values({ code, name: code, cities: [...cities], ...common })
        .execute();
    }
    for (const [code, { region, cities, pick, active }] of Object.entries(told.stores ?? {})) {
      const row = {
        region: region ?? null,
        cities: [...(cities ?? [])],
        pick: pick ?? 'round_robin',
        active: active ?? true,
      } as const;
      await tx
        .insertInto('store')
        .values({ code, name: code, calendar: JSON.stringify(CALENDAR), ...row, ...common })
        .onConflict((conflict) => conflict.column('code').doUpdateSet(row))
        .execute();
    }
    for (const [code, adviser] of Object.entries(told.advisers ?? {})) {
      const row = {
        stores: [...(adviser.stores ?? [])],
        regions: [...(adviser.regions ?? [])],
        hq: adviser.hq ?? false,
        skills: [...(adviser.skills ?? [])],
        weight: adviser.weight ?? 1,
        open_cap: adviser.openCap ?? null,
        daily_cap: adviser.dailyCap ?? null,
        shifts: adviser.shifts == null ? null : JSON.stringify(adviser.shifts),
        leave: JSON.stringify(adviser.leave ?? []),
        active: adviser.active ?? true,
      };
      await tx
        .insertInto('adviser')
        .values({ code, name: code, ...row, ...common })
        .onConflict((conflict) => conflict.column('code').doUpdateSet(row))
        .execute();
    }
    await sql`update directory set version = version + 1`.execute(tx);
  });
}

/** S1 with A1, A2 and A3, S2 with B1 and B2: everybody there, without caps. */
export async function staffTwoStores(db: Db, more: Readonly<Record<string, AdviserTold>> = {}): Promise<void> {
  const of = (stores: readonly string[], codes: readonly string[]) =>
    Object.fromEntries(codes.map((code) => [code, { stores, ...more[code] }]));
  await staff(db, {
    stores: { S1: {}, S2: {} },
    advisers: { ...of(['S1'], ['A1', 'A2', 'A3']), ...of(['S2'], ['B1', 'B2']) },
  });
}

/** How often each value is there. */
export function tally(values: readonly (string | null)[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
}

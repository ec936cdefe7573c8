import { type BusinessCalendar, DEFAULT_CALENDAR } from '../../src/domain/calendar.ts';
import type { Db } from '../../src/store/database.ts';

/** Who works where, as far as tests of tasks need it. */
export interface Staff {
  readonly stores: Readonly<Record<string, { readonly manager?: string; readonly calendar?: BusinessCalendar }>>;
  readonly advisers: Readonly<Record<string, readonly string[]>>; // stores of each
}

/** Two stores, S1 with A1, A2 and the manager M1, S2 with B1. */
export const STAFF: Staff = {
  stores: { S1: { manager: 'M1' }, S2: {} },
  advisers: { A1: ['S1'], A2: ['S1'], M1: ['S1'], B1: ['S2'] },
};

/** Fills the directory of a deployment: from then on leads are worked in it. */
export async function staffed(db: Db, { stores, advisers }: Staff = STAFF): Promise<void> {
  const at = new Date('2026-01-01T00:00:00Z');
  for (const [code, { manager, calendar }] of Object.entries(stores)) {
    const row = { code, name: code, calendar: JSON.stringify(calendar ?? DEFAULT_CALENDAR), manager: manager ?? null };
    await db
      .insertInto('store')
      .values({ ...row, created_at: at, updated_at: at })
      .execute();
  }
  for (const [code, own] of Object.entries(advisers)) {
    // Nobody takes a lead that is not given to them: who gets one is no matter of tasks.
    const row = { code, name: code, stores: own, open_cap: 0 };
    await db
      .insertInto('adviser')
      .values({ ...row, created_at: at, updated_at: at })
      .execute();
  }
  await db
    .updateTable('directory')
    .set(({ eb }) => ({ version: eb('version', '+', 1) }))
    .execute();
}

import { type Selectable, sql } from 'kysely';
import type { Adviser } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';
import { type AdviserJson, adviserOf, type CodePage, type Kept } from './directory-rows.ts';
import type { AdviserTable } from './tables-working.ts';

/** Which advisers to list; what is left out is not asked for. */
export interface AdviserFilter {
  readonly store?: string;
  readonly region?: string;
  readonly active?: boolean;
  readonly externalRef?: string;
}

/** Reads one adviser; null when there is none. */
export async function findAdviser(db: Db, code: string): Promise<Kept<Adviser> | null> {
  const row = await db.selectFrom('adviser').selectAll().where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : keptOf(row);
}

/** A page of advisers by code. */
export async function listAdvisers(
  db: Db,
  { store, region, active, externalRef }: AdviserFilter,
  { after, limit }: CodePage,
): Promise<readonly Kept<Adviser>[]> {
  let query = db.selectFrom('adviser').selectAll().orderBy('code').limit(limit);
  if (store !== undefined) query = query.where(sql<boolean>`${store} = any(stores)`);
  if (region !== undefined) query = query.where(sql<boolean>`${region} = any(regions)`);
  if (active !== undefined) query = query.where('active', '=', active);
  if (externalRef !== undefined) query = query.where('external_ref', '=', externalRef);
  if (after !== null) query = query.where('code', '>', after);
  return (await query.execute()).map(keptOf);
}

/** Writes an adviser as they are now, new or known. */
export async function putAdviser(tx: Tx, adviser: Adviser, at: Instant): Promise<void> {
  const { code, openCap, dailyCap, externalRef, shifts, leave, ...plain } = adviser;
  const values = {
    ...plain,
    open_cap: openCap,
    daily_cap: dailyCap,
    external_ref: externalRef,
    shifts: shifts === null ? null : JSON.stringify(shifts),
    leave: JSON.stringify(leave),
    updated_at: new Date(at),
  };
  await tx
    .insertInto('adviser')
    .values({ code, ...values, created_at: new Date(at) })
    .onConflict((it) => it.column('code').doUpdateSet(values))
    .execute();
}

/** Deletes an adviser. */
export async function deleteAdviser(tx: Tx, code: string): Promise<void> {
  await tx.deleteFrom('adviser').where('code', '=', code).execute();
}

function keptOf(row: Selectable<AdviserTable>): Kept<Adviser> {
  return { ...adviserOf(row as AdviserJson), createdAt: row.created_at, updatedAt: row.updated_at };
}

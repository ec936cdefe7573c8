import type { Selectable } from 'kysely';
import type { Store } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';
import { type CodePage, type Kept, type StoreJson, storeOf } from './directory-rows.ts';
import type { StoreTable } from './tables-working.ts';

/** Which stores to list; what is left out is not asked for. */
export interface StoreFilter {
  readonly region?: string;
  readonly active?: boolean;
  readonly externalRef?: string;
}

/** Reads one store; null when there is none. */
export async function findStore(db: Db, code: string): Promise<Kept<Store> | null> {
  const row = await db.selectFrom('store').selectAll().where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : keptOf(row);
}

/** A page of stores by code. */
export async function listStores(
  db: Db,
  { region, active, externalRef }: StoreFilter,
  { after, limit }: CodePage,
): Promise<readonly Kept<Store>[]> {
  let query = db.selectFrom('store').selectAll().orderBy('code').limit(limit);
  if (region !== undefined) query = query.where('region', '=', region);
  if (active !== undefined) query = query.where('active', '=', active);
  if (externalRef !== undefined) query = query.where('external_ref', '=', externalRef);
  if (after !== null) query = query.where('code', '>', after);
  return (await query.execute()).map(keptOf);
}

/** Writes a store as it is now, new or known. */
export async function putStore(tx: Tx, store: Store, at: Instant): Promise<void> {
  const { code, name, region, cities, calendar, pick, manager, active, externalRef, version } = store;
  const values = {
    name,
    region,
    cities,
    calendar: JSON.stringify(calendar),
    pick,
    manager,
    active,
    external_ref: externalRef,
    version,
    updated_at: new Date(at),
  };
  await tx
    .insertInto('store')
    .values({ code, ...values, created_at: new Date(at) })
    .onConflict((it) => it.column('code').doUpdateSet(values))
    .execute();
}

/** Deletes a store. */
export async function deleteStore(tx: Tx, code: string): Promise<void> {
  await tx.deleteFrom('store').where('code', '=', code).execute();
}

function keptOf(row: Selectable<StoreTable>): Kept<Store> {
  return { ...storeOf(row as StoreJson), createdAt: row.created_at, updatedAt: row.updated_at };
}

import type { Selectable } from 'kysely';
import type { Region } from '../domain/directory.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';
import { type CodePage, type Kept, regionOf } from './directory-rows.ts';
import type { RegionTable } from './tables-working.ts';

/** Reads one region; null when there is none. */
export async function findRegion(db: Db, code: string): Promise<Kept<Region> | null> {
  const row = await db.selectFrom('region').selectAll().where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : keptOf(row);
}

/** A page of regions by code. */
export async function listRegions(
  db: Db,
  { externalRef }: { readonly externalRef?: string },
  { after, limit }: CodePage,
): Promise<readonly Kept<Region>[]> {
  let query = db.selectFrom('region').selectAll().orderBy('code').limit(limit);
  if (externalRef !== undefined) query = query.where('external_ref', '=', externalRef);
  if (after !== null) query = query.where('code', '>', after);
  return (await query.execute()).map(keptOf);
}

/** Writes a region as it is now, new or known. */
export async function putRegion(tx: Tx, region: Region, at: Instant): Promise<void> {
  const { code, name, cities, externalRef, version } = region;
  const values = { name, cities, external_ref: externalRef, version, updated_at: new Date(at) };
  await tx
    .insertInto('region')
    .values({ code, ...values, created_at: new Date(at) })
    .onConflict((it) => it.column('code').doUpdateSet(values))
    .execute();
}

/** Deletes a region that no store is of. */
export async function deleteRegion(tx: Tx, code: string): Promise<void> {
  await tx.deleteFrom('region').where('code', '=', code).execute();
}

function keptOf(row: Selectable<RegionTable>): Kept<Region> {
  return { ...regionOf(row), createdAt: row.created_at, updatedAt: row.updated_at };
}

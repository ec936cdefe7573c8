import type { Directory } from '../domain/directory.ts';
import type { Tx } from './database.ts';
import { type AdviserJson, adviserOf, type RegionJson, regionOf, type StoreJson, storeOf } from './directory-rows.ts';
import type { Session } from './session.ts';

const VERSION = { name: 'directory_version', text: 'select version from directory' };

/** The version of the directory, counted up with every change of it. */
export async function readDirectoryVersion(session: Session): Promise<number> {
  const [row] = await session.run<{ version: number }>(VERSION, []);
  return row?.version ?? 0;
}

/** Reads the version and locks it until the transaction ends: changes of the directory come one after another. */
export async function lockDirectory(tx: Tx): Promise<number> {
  return (await tx.selectFrom('directory').select('version').forUpdate().executeTakeFirstOrThrow()).version;
}

/** Counts the version of the directory up; the caller holds its lock and has changed it. */
export async function raiseDirectoryVersion(tx: Tx): Promise<void> {
  await tx
    .updateTable('directory')
    .set((it) => ({ version: it('version', '+', 1) }))
    .execute();
}

const READ = {
  name: 'read_directory',
  text: `select (select version from directory) as version,
      (select coalesce(json_agg(to_json(r)), '[]') from region r) as regions,
      (select coalesce(json_agg(to_json(s)), '[]') from store s) as stores,
      (select coalesce(json_agg(to_json(a)), '[]') from adviser a) as advisers`,
};

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

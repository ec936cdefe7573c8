import type pg from 'pg';
import { type Migration, MigrationError, readMigrations } from './migrations.ts';

/** A row of the table `migration`. */
export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
  readonly compatible_with: number;
}

/** How the database's schema stands to this build: `pending` names what `migrate` would apply. */
export type SchemaState =
  | { readonly kind: 'current'; readonly version: number }
  | { readonly kind: 'pending'; readonly version: number; readonly pending: readonly string[] }
  | { readonly kind: 'unusable'; readonly version: number; readonly error: MigrationError };

/** Compares the database with the files of a folder, without a lock and without a write; throws what the database throws. */
export async function schemaState(pool: pg.Pool | pg.ClientBase, folder: URL): Promise<SchemaState> {
  return compareSchema(await readMigrations(folder), await readApplied(pool));
}

/** The migrations that a database has had, oldest first; none where it is new. */
export async function readApplied(pool: pg.Pool | pg.ClientBase): Promise<readonly AppliedMigration[]> {
  const found = await pool.query<{ there: boolean }>(`select to_regclass('migration') is not null as there`);
  if (found.rows[0]?.there !== true) return [];
  const applied = await pool.query<AppliedMigration>(
    'select version, name, checksum, compatible_with from migration order by version',
  );
  return applied.rows;
}

/** What is to be done, given the files of this build and the migrations that the database has had. */
export function compareSchema(known: readonly Migration[], applied: readonly AppliedMigration[]): SchemaState {
  const version = applied.at(-1)?.version ?? 0;
  const error = fault(known, applied, version);
  if (error !== null) return { kind: 'unusable', version, error };
  const pending = known.filter((migration) => migration.version > version).map((migration) => migration.name);
  return pending.length === 0 ? { kind: 'current', version } : { kind: 'pending', version, pending };
}

function fault(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
  version: number,
): MigrationError | null {
  const newest = known.at(-1)?.version ?? 0;
  const files = new Map(known.map((migration) => [migration.version, migration]));
  for (const row of applied) {
    const file = files.get(row.version);
    if (row.version > newest) {
      if (row.compatible_with <= newest) continue;
      return new MigrationError(
        'schema_too_new',
        `the database has migration ${row.name}, which this build (schema ${newest}) cannot run against: run a newer clew`,
      );
    }
    if (file === undefined || file.checksum !== row.checksum) {
      return new MigrationError(
        'migration_changed',
        `migration ${row.name} was applied to this database with another content than ${file === undefined ? 'this build has' : `${file.name}.sql has now`}: put the file back and write a new migration`,
      );
    }
  }
  const had = new Set(applied.map((row) => row.version));
  const skipped = known.find((migration) => migration.version < version && !had.has(migration.version));
  if (skipped === undefined) return null;
  return new MigrationError(
    'migration_out_of_order',
    `migration ${skipped.name} is older than the database's newest (${version}) but was never applied: give it a newer number`,
  );
}

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

/** One numbered SQL file of migrations/. */
export interface Migration {
  readonly version: number;
  readonly name: string; // the file's name without its ending: 0001_leads
  readonly sql: string;
  readonly checksum: string; // SHA-256 of the text with LF line ends, hex
  readonly compatibleWith: number; // the lowest code schema version that still runs against it
}

/** What went wrong with the schema, as a stable code. */
export type MigrationCode =
  | 'migration_name_invalid'
  | 'migration_changed'
  | 'migration_out_of_order'
  | 'migration_failed'
  | 'schema_too_new';

/** A migration that cannot be applied, or a schema that this build cannot run against; the message is one sentence. */
export class MigrationError extends Error {
  readonly code: MigrationCode;

  constructor(code: MigrationCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
    this.code = code;
  }
}

const NAME = /^(\d{4})_[a-z0-9_]+$/;
const COMPATIBLE = /^-- compatible-with: (\d+)\s*$/m;

/** Reads the numbered SQL files of a folder, oldest first; throws `migration_name_invalid`. */
export async function readMigrations(folder: URL): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  const migrations = await Promise.all(
    files.map(async (file) =>
      parseMigration(file.slice(0, -4), await readFile(new URL(file, `${folder.href}/`), 'utf8')),
    ),
  );
  for (const [index, { version, name }] of migrations.entries()) {
    if (version !== migrations[index - 1]?.version) continue;
    throw new MigrationError(
      'migration_name_invalid',
      `two migrations have the number of ${name}: renumber the newer one`,
    );
  }
  return migrations;
}

function parseMigration(name: string, text: string): Migration {
  const number = NAME.exec(name)?.[1];
  if (number === undefined) {
    throw new MigrationError('migration_name_invalid', `${name}.sql must be named like 0002_what_it_does.sql`);
  }
  // A checkout with CRLF line ends is the same migration.
  const sql = text.replaceAll('\r\n', '\n');
  const version = Number(number);
  const marked = COMPATIBLE.exec(sql.slice(0, sql.indexOf('\n') + 1))?.[1];
  return {
    version,
    name,
    sql,
    checksum: createHash('sha256').update(sql).digest('hex'),
    compatibleWith: marked === undefined ? version : Number(marked),
  };
}

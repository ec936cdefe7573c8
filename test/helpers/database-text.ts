import { sql } from 'kysely';
import type { Vault } from '../../src/domain/vault.ts';
import type { Db } from '../../src/store/database.ts';

/** Everything that a database holds, row by row as text, with sealed values opened: whatever is kept can be read here. */
export async function databaseText(db: Db, vault: Vault): Promise<ReadonlyMap<string, string>> {
  const tables = await sql<{ name: string }>`
    select c.relname as name from pg_class c where c.relnamespace = current_schema()::regnamespace
      and c.relkind in ('r', 'p') and not c.relispartition`.execute(db);
  const found = new Map<string, string>();
  for (const { name } of tables.rows) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db);
    found.set(name, rows.map((row) => JSON.stringify(row, (_, value) => opened(value, vault))).join('\n'));
  }
  return found;
}

/** A value as whoever has the keys reads it. */
function opened(value: unknown, vault: Vault): unknown {
  if (isBytes(value)) return open(Buffer.from(value.data), vault);
  if (typeof value !== 'string' || value.length < 60 || !/^[A-Za-z0-9+/]+=*$/.test(value)) return value;
  return open(Buffer.from(value, 'base64'), vault) ?? value;
}

function open(bytes: Buffer, vault: Vault): string {
  try {
    return vault.open(bytes).toString();
  } catch {
    return bytes.toString();
  }
}

/** What JSON.stringify makes of a Buffer before a replacer sees it. */
function isBytes(value: unknown): value is { readonly data: readonly number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}

import { sql } from 'kysely';
import type { Import, ImportState } from '../domain/import.ts';
import type { PreviewRow } from '../domain/import-preview.ts';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import { IMPORT_COLUMNS, importOf } from './imports.ts';

/** Which imports to list; what is left out is not asked for. */
export interface ImportFilter {
  readonly sourceId?: string;
  readonly states?: readonly ImportState[];
}

/** Imports, newest first, after the place of the last one seen. */
export async function listImports(
  db: Db,
  { sourceId, states }: ImportFilter,
  page: { readonly after: { readonly at: Instant; readonly id: string } | null; readonly limit: number },
): Promise<readonly Import[]> {
  const { after, limit } = page;
  let query = db.selectFrom('import').select(IMPORT_COLUMNS).orderBy('created_at', 'desc').orderBy('id').limit(limit);
  if (sourceId !== undefined) query = query.where('source_id', '=', sourceId);
  if (states !== undefined) query = query.where('state', 'in', [...states]);
  if (after !== null) {
    const at = new Date(after.at);
    query = query.where(sql<boolean>`(created_at < ${at} or created_at = ${at} and id > ${after.id}::uuid)`);
  }
  return (await query.execute()).map(importOf);
}

/** The first rows of a dry run as they were mapped; null where they are not kept. */
export async function readPreview(db: Db, vault: Vault, id: string): Promise<readonly PreviewRow[] | null> {
  const row = await db.selectFrom('import').select('preview').where('id', '=', id).executeTakeFirst();
  const kept = row?.preview ?? null;
  if (kept === null) return null;
  return JSON.parse((vault.atRest === 'none' ? kept : vault.open(kept)).toString()) as readonly PreviewRow[];
}

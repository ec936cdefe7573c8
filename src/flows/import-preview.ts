import { PREVIEW_ROWS, type PreviewRow } from '../domain/import-preview.ts';
import type { Vault } from '../domain/vault.ts';
import { writePreview } from '../store/import-rows.ts';
import type { Session } from '../store/session.ts';
import type { DryRow } from './import-dry-run.ts';

/** Keeps the first rows of a dry run as they were mapped, sealed unless nothing is, in the transaction that judged them. */
export async function keepPreview(
  session: Session,
  vault: Vault,
  importId: string,
  written: readonly DryRow[],
): Promise<void> {
  const rows = written.slice(0, PREVIEW_ROWS).map(
    (row): PreviewRow => ({
      row: row.row,
      class: row.class,
      decision: row.decision,
      code: row.code,
      column: row.columnName,
      hint: row.hint,
      warnings: row.warnings,
      owner: row.owner,
      draft: row.read?.mapping.draft ?? {},
    }),
  );
  const bytes = Buffer.from(JSON.stringify(rows));
  await writePreview(session, importId, vault.atRest === 'none' ? bytes : vault.seal(bytes));
}

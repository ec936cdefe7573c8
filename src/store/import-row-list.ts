import { IMPORT_CLASSES, type ImportClass } from '../domain/import.ts';
import type { Decision } from '../domain/outcome.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import { openCells } from './import-rows.ts';

/** What became of a row, as it is read. */
export interface ListedRow {
  readonly row: number;
  readonly class: ImportClass;
  readonly decision: Decision;
  readonly originalDecision: Decision | null;
  readonly code: string | null;
  readonly columnName: string | null;
  readonly hint: string | null;
  readonly warnings: readonly string[];
  readonly submissionId: string | null;
  readonly leadId: string | null;
  readonly customerId: string | null;
  readonly cells: readonly string[] | null; // of refused rows, while they are kept
}

/** Which rows: every one, those that were refused, or those of a class or a decision. */
export type RowResult = 'all' | 'failed' | ImportClass | Decision;

const CODES = [
  'row',
  'class',
  'decision',
  'original_decision',
  'code',
  'column_name',
  'hint',
  'warnings',
  'submission_id',
  'lead_id',
  'customer_id',
  'cells',
] as const;

/** Rows of an import in the order of the file, after a row number. */
export async function listImportRows(
  db: Db,
  vault: Vault,
  importId: string,
  { result, after, limit }: { readonly result: RowResult; readonly after: number; readonly limit: number },
): Promise<readonly ListedRow[]> {
  let query = db
    .selectFrom('import_row')
    .select(CODES)
    .where('import_id', '=', importId)
    .where('row', '>', after)
    .orderBy('row')
    .limit(limit);
  if (result === 'failed') query = query.where('code', 'is not', null);
  else if (Object.hasOwn(IMPORT_CLASSES, result)) query = query.where('class', '=', result);
  else if (result !== 'all') query = query.where('decision', '=', result);
  return (await query.execute()).map((row) => ({
    row: row.row,
    class: row.class as ImportClass,
    decision: row.decision as Decision,
    originalDecision: row.original_decision as Decision | null,
    code: row.code,
    columnName: row.column_name,
    hint: row.hint,
    warnings: row.warnings,
    submissionId: row.submission_id,
    leadId: row.lead_id,
    customerId: row.customer_id,
    cells: row.cells === null ? null : openCells(vault, row.cells),
  }));
}

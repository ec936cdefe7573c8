import { ERROR_COLUMNS } from '../channels/sheet-header.ts';
import type { Import, ImportReading } from '../domain/import.ts';
import type { Vault } from '../domain/vault.ts';
import { type CsvFormat, csvLines, formulaSafe } from '../sheets/csv-writer.ts';
import type { Db } from '../store/database.ts';
import { type ListedRow, listImportRows } from '../store/import-row-list.ts';

const OWN: ReadonlySet<string> = new Set(ERROR_COLUMNS); // of an errors file that was uploaded again

/** How an errors file is written; `show` is what a cell looks like, by the field that its column fills. */
export interface ErrorsFormat {
  readonly encoding: CsvFormat['encoding'];
  readonly show: (cell: string, field: string | null) => string;
}

const PAGE = 500; // rows read at once

/**
 * The refused rows of an import as CSV: the file's own header and cells, then why. Corrected, it can be uploaded as it is. The
 * delimiter is that of the file, or tab in UTF-16, as Excel reads it.
 */
export function importErrors(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  { id, reading }: Pick<Import, 'id' | 'reading'>,
  { encoding, show }: ErrorsFormat,
): AsyncIterable<Buffer> {
  const delimiter = encoding === 'utf-16le' ? '\t' : (reading?.delimiter ?? ',');
  return csvLines(errorRows(db, vault, id, reading, show), { encoding, delimiter });
}

async function* errorRows(
  db: Db,
  vault: Vault,
  id: string,
  reading: ImportReading | null,
  show: ErrorsFormat['show'],
): AsyncGenerator<readonly (readonly string[])[]> {
  const columns = (reading?.columns ?? []).filter(({ header }) => !OWN.has(header));
  const width = Math.max(0, ...(reading?.columns ?? []).map(({ index }) => index + 1));
  yield [[...columns.map(({ header }) => formulaSafe(header)), ...ERROR_COLUMNS]];
  const lineOf = ({ row, cells, columnName, code, hint }: ListedRow): readonly string[] => {
    const own = columns.map(({ index, field }) => show(cells?.[index] ?? '', field));
    // A row with more cells than the header has names for keeps them, behind all columns that have one.
    const beyond = (cells ?? []).slice(width).map((cell) => show(cell, null));
    return [...own, String(row), columnName ?? '', code ?? '', hint ?? '', ...beyond].map(formulaSafe);
  };
  let after = 0;
  for (;;) {
    const rows = await listImportRows(db, vault, id, { result: 'failed', after, limit: PAGE });
    yield rows.map(lineOf);
    after = rows.at(-1)?.row ?? after;
    if (rows.length < PAGE) return;
  }
}

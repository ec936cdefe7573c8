import { openSheet } from '../../src/sheets/open-sheet.ts';
import { type Sheet, SheetError, type SheetLimits, type SheetOptions, type SheetRow } from '../../src/sheets/sheet.ts';
import { fileOf, UNNAMED, WIDE } from './file-of.ts';

/** All rows of a sheet. */
export async function rowsOf(sheet: Sheet): Promise<readonly SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const group of sheet.rows()) rows.push(...group);
  return rows;
}

/** The cells of all rows of a file; blank rows are empty. */
export async function cellsOf(
  bytes: Uint8Array | string,
  options: Partial<SheetOptions> = {},
  limits: Partial<SheetLimits> = {},
): Promise<readonly (readonly string[])[]> {
  const sheet = await openSheet(fileOf(bytes), { ...UNNAMED, ...options }, { ...WIDE, ...limits });
  return (await rowsOf(sheet)).map((row) => row.cells);
}

/** The SheetError that comes of it; what is none is thrown on. */
export async function faultOf(work: Promise<unknown>): Promise<SheetError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SheetError) return error;
    throw error;
  }
  throw new Error('no fault');
}

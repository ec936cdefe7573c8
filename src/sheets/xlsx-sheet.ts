import { type Sheet, SheetError, type SheetFile, type SheetLimits, type SheetOptions, type SheetRow } from './sheet.ts';
import { createTextStore } from './text-store.ts';
import { createBudget, type XlsxBudget } from './xlsx-budget.ts';
import type { XlsxBook } from './xlsx-cell.ts';
import { causeOf } from './xlsx-damage.ts';
import { readRows } from './xlsx-rows.ts';
import { readStrings } from './xlsx-strings.ts';
import { readDateStyles } from './xlsx-styles.ts';
import { readWorkbook, type XlsxSheet, type XlsxWorkbook } from './xlsx-workbook.ts';
import { openZip, type XlsxZip } from './xlsx-zip.ts';

/** Reads the rows of a sheet with so much left to unpack. */
type ReadSheet = (sheet: XlsxSheet, budget: XlsxBudget) => AsyncGenerator<readonly SheetRow[]>;

/**
 * Opens an Excel workbook. The sheet is the one that is named, by its name, else by its number among the visible ones; else
 * the first visible one that holds anything. Its shared strings are held in memory, its rows are not. Throws SheetError.
 */
export async function openXlsx(file: SheetFile, options: SheetOptions, limits: SheetLimits): Promise<Sheet> {
  try {
    return await openBook(file, options, limits);
  } catch (error) {
    throw causeOf(error);
  }
}

async function openBook(file: SheetFile, options: SheetOptions, limits: SheetLimits): Promise<Sheet> {
  const budget = createBudget(limits.inflatedBytes);
  const zip = await openZip(file);
  const workbook = await readWorkbook(zip, budget);
  const book = await readBook(zip, workbook, limits, budget);
  const read: ReadSheet = (sheet, left) =>
    readRows(zip.read(sheet.part, left), sheet.part, { book, limits, budget: left });
  const shown = visibleSheets(workbook.sheets);
  const sheet =
    options.sheet === null
      ? await firstWithRows(shown, read, budget.rest())
      : namedSheet(options.sheet, shown, workbook);
  return {
    facts: { format: 'xlsx', sheet: sheet.name, sheets: shown.map(({ name }) => name) },
    rows: () => withCause(read(sheet, budget.rest())),
  };
}

async function* withCause(groups: AsyncIterable<readonly SheetRow[]>): AsyncGenerator<readonly SheetRow[]> {
  try {
    yield* groups;
  } catch (error) {
    throw causeOf(error);
  }
}

async function readBook(
  zip: XlsxZip,
  workbook: XlsxWorkbook,
  limits: SheetLimits,
  budget: XlsxBudget,
): Promise<XlsxBook> {
  const { strings, styles, dates } = workbook;
  return {
    strings:
      strings === null
        ? createTextStore()
        : await readStrings(zip.read(strings, budget), strings, limits.sharedStringBytes),
    dateStyles: styles === null ? [] : await readDateStyles(zip.read(styles, budget), styles),
    dates,
  };
}

function visibleSheets(sheets: readonly XlsxSheet[]): readonly XlsxSheet[] {
  const visible = sheets.filter(({ hidden }) => !hidden);
  return visible.length === 0 ? sheets : visible;
}

function namedSheet(wanted: string, shown: readonly XlsxSheet[], workbook: XlsxWorkbook): XlsxSheet {
  const name = wanted.trim().toLowerCase(); // Excel knows no two sheets that differ in case only
  const found =
    workbook.sheets.find((sheet) => sheet.name === wanted) ??
    workbook.sheets.find((sheet) => sheet.name.trim().toLowerCase() === name) ??
    (/^\d{1,5}$/.test(name) ? shown[Number(name) - 1] : undefined);
  if (found !== undefined) return found;
  const names = shown.slice(0, 20).map((sheet, index) => `${index + 1} ${sheet.name}`);
  const more = shown.length > names.length ? ` and ${shown.length - names.length} more` : '';
  const detail = `The workbook has no sheet ${wanted.slice(0, 100)}; it has ${names.join(', ')}${more}.`;
  throw new SheetError('sheet_not_found', detail, 'Name one of its sheets, or leave the sheet out.');
}

// Sheets before it are covers as a rule; where none holds anything it is the first one, without rows.
async function firstWithRows(sheets: readonly XlsxSheet[], read: ReadSheet, budget: XlsxBudget): Promise<XlsxSheet> {
  for (const sheet of sheets) {
    if (await hasRows(read(sheet, budget))) return sheet;
  }
  return sheets[0] as XlsxSheet;
}

async function hasRows(groups: AsyncIterable<readonly SheetRow[]>): Promise<boolean> {
  for await (const group of groups) {
    if (group.length > 0) return true;
  }
  return false;
}

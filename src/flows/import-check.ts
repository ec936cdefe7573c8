import { lineKind } from '../channels/sheet-line.ts';
import { planSheet, type SheetPlan } from '../channels/sheet-plan.ts';
import type { Import, ImportFault, ImportReading, ImportSkipped } from '../domain/import.ts';
import type { SheetFacts, SheetRow } from '../sheets/sheet.ts';
import type { ImportSetup } from './import-setup.ts';

/** A file that is being read through: what was found, and how many rows so far. */
export interface Checking {
  readonly facts: SheetFacts;
  readonly plan: SheetPlan;
  readonly rows: number;
  readonly skipped: ImportSkipped;
}

/** The columns of a file by its first rows, or why it cannot be taken. */
export function beginCheck(
  facts: SheetFacts,
  first: readonly SheetRow[],
  { maps, import: { options } }: ImportSetup,
): Checking | { readonly fault: ImportFault } {
  const plan = planSheet(first, maps, options.header_row ?? null);
  if ('fault' in plan) return { fault: plan.fault };
  const before_header = first.filter(({ row, cells }) => row < plan.headerRow && cells.length > 0).length;
  return { facts, plan, rows: 0, skipped: { before_header, blank: 0, repeated_header: 0, total: 0 } };
}

/** With further rows counted. */
export function checkRows(checking: Checking, rows: readonly SheetRow[]): Checking {
  const { plan } = checking;
  const skipped = { ...checking.skipped };
  let count = checking.rows;
  for (const { row, cells } of rows) {
    if (row <= plan.headerRow) continue;
    const kind = lineKind(plan, cells);
    if (kind === 'row') count += 1;
    else skipped[kind] += 1;
  }
  return { ...checking, rows: count, skipped };
}

/** What is noted of a file that was read through. */
export function readingOf({ facts, plan, skipped }: Checking): ImportReading {
  const csv = facts.format === 'csv';
  return {
    format: facts.format,
    encoding: csv ? facts.encoding : null,
    delimiter: csv ? facts.delimiter : null,
    sheet: csv ? null : facts.sheet,
    sheets: csv ? [] : facts.sheets,
    header_row: plan.headerRow,
    columns: plan.columns,
    skipped,
    warnings: plan.warnings,
  };
}

/** The columns of a file that was read through before. */
export function planOf(reading: NonNullable<Import['reading']>): SheetPlan {
  return { headerRow: reading.header_row, columns: reading.columns, warnings: reading.warnings };
}

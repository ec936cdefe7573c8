import type { ImportClass } from './import.ts';
import type { Decision } from './outcome.ts';
import type { Draft } from './submission.ts';

/** One of the first rows of a dry run, as it was mapped. */
export interface PreviewRow {
  readonly row: number; // as a spreadsheet numbers it
  readonly class: ImportClass;
  readonly decision: Decision;
  readonly code: string | null; // why it was refused
  readonly column: string | null; // the header of the column at fault
  readonly hint: string | null;
  readonly warnings: readonly string[];
  readonly owner: string | null; // whose the lead would be
  readonly draft: Draft;
}

/** So many rows are shown. */
export const PREVIEW_ROWS = 20;

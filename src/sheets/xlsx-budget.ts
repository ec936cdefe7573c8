import { SheetError } from './sheet.ts';

/** Counts what a workbook unpacks to. */
export interface XlsxBudget {
  /** Takes so many bytes; throws SheetError file_too_large once more than the limit are taken. */
  readonly spend: (bytes: number) => void;
  /** A budget of what is left now. */
  readonly rest: () => XlsxBudget;
}

/** A budget of `limit` bytes. What headers say of sizes is not believed: what comes out is counted. */
export function createBudget(limit: number): XlsxBudget {
  let left = limit;
  return {
    spend: (bytes) => {
      left -= bytes;
      if (left < 0) throw tooLarge('The workbook unpacks to more bytes than are taken.');
    },
    rest: () => createBudget(left),
  };
}

/** The refusal of a workbook that is too large to be read. */
export function tooLarge(detail: string): SheetError {
  return new SheetError('file_too_large', detail, 'Save it as CSV UTF-8, or split it into several files.');
}

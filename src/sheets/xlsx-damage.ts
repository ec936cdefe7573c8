import { SheetError } from './sheet.ts';

/** The reading of the file itself failed, not its content; `cause` is what its reader threw. */
export class SheetFileError extends Error {
  constructor(cause: unknown) {
    super('The file could not be read.', { cause });
    this.name = 'SheetFileError';
  }
}

/** The refusal of a workbook that cannot be read; `detail` says what is wrong with it. */
export function damaged(detail: string): SheetError {
  const hint = 'Open it in a spreadsheet program, save it again as .xlsx or as CSV UTF-8, and upload that.';
  return new SheetError('file_damaged', detail, hint);
}

/** What to throw for what the zip, inflate or XML reader threw over `part`: a SheetError, or what is no fault of the file. */
export function faultOf(error: unknown, part: string): unknown {
  if (error instanceof SheetError || error instanceof SheetFileError || !(error instanceof Error)) return error;
  const code = 'code' in error ? error.code : null;
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return damaged(`${part} is not text in UTF-8.`);
  const ours = error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError;
  return ours ? error : damaged(`${part} cannot be read: ${error.message.slice(0, 200)}`);
}

/** What the reader of the file threw, where it was that one; anything else as it is. */
export function causeOf(error: unknown): unknown {
  return error instanceof SheetFileError ? error.cause : error;
}

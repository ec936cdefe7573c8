/** One row of a table file: its cells as texts, blank ones '', trailing blank ones left out. */
export interface SheetRow {
  readonly row: number; // from 1, as a spreadsheet numbers it: blank lines and title rows count
  readonly cells: readonly string[];
}

/** A file that can be read from any place, again and again. */
export interface SheetFile {
  readonly size: number; // bytes
  /** The bytes from `from` (inclusive) to `to` (exclusive), in pieces of any size. */
  readonly read: (from: number, to: number) => AsyncIterable<Uint8Array>;
}

/** What the uploader says of a file; null: it is found out. */
export interface SheetOptions {
  readonly encoding: string | null; // a name that TextDecoder knows; of csv
  readonly delimiter: string | null; // one character; of csv
  readonly sheet: string | null; // its name, else its number from 1; of xlsx
}

/** How large a table may be; beyond that the file is refused. */
export interface SheetLimits {
  readonly rows: number; // that hold anything
  readonly columns: number;
  readonly cellCharacters: number;
  readonly inflatedBytes: number; // of all parts of an xlsx that are read
  readonly sharedStringBytes: number; // of an xlsx: they are held in memory
}

/** What was found of a file. */
export type SheetFacts =
  | { readonly format: 'csv'; readonly encoding: string; readonly delimiter: string }
  | { readonly format: 'xlsx'; readonly sheet: string; readonly sheets: readonly string[] };

/** A file that can be read as a table. */
export interface Sheet {
  readonly facts: SheetFacts;
  /** Its rows in order, in groups of some hundred; from the beginning at each call. Throws SheetError. */
  readonly rows: () => AsyncIterable<readonly SheetRow[]>;
}

/** Why a file cannot be read as a table. */
export const SHEET_FAULTS = {
  file_empty: 'The file has no bytes.',
  format_unknown: 'The file is no CSV and no XLSX: another kind of document, or one with a password.',
  encoding_unknown: 'The text is neither UTF-8 nor GB18030 nor UTF-16.',
  encoding_invalid: 'The text is not in the encoding that was named.',
  delimiter_invalid: 'The delimiter that was named is not one character.',
  quote_open: 'A quoted cell does not end.',
  cell_too_long: 'A cell has more characters than are taken.',
  too_many_columns: 'A row has more cells than are taken.',
  too_many_rows: 'The file has more rows than are taken.',
  sheet_not_found: 'The workbook has no such sheet.',
  file_damaged: 'The workbook cannot be read: it is cut off or damaged.',
  file_too_large: 'The workbook is larger, unpacked, than is taken.',
} as const;
export type SheetFaultCode = keyof typeof SHEET_FAULTS;

/** A file that is refused; `hint` says what its owner can do. */
export class SheetError extends Error {
  readonly code: SheetFaultCode;
  readonly hint: string;

  constructor(code: SheetFaultCode, detail: string, hint: string) {
    super(detail);
    this.name = 'SheetError';
    this.code = code;
    this.hint = hint;
  }
}

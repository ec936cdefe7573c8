import type { Instant } from './instant.ts';
import type { Decision } from './outcome.ts';
import type { Campaign, Mode } from './submission.ts';

/** What an import can be in; the last five are its ends, though `previewed` can be run, and what is done taken back. */
export const IMPORT_STATES = [
  'uploading', // its bytes arrive
  'waiting', // for a worker
  'checking', // the file is read through, nothing is written
  'running',
  'reverting',
  'previewed', // a dry run that is through: it can be run for real
  'completed',
  'failed', // the file was refused; `fault` says why
  'cancelled', // what was done stays
  'reverted',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** What becomes of a row, in one word; every row has exactly one. */
export const IMPORT_CLASSES = {
  new: 'Nobody knew this person.',
  existing: 'The person was known before this file.',
  repeated_in_file: 'An earlier row of this file named the person.',
  phone_unusable: 'The phone cannot be used, and nothing else says who it is.',
  phone_empty: 'There is no phone, and nothing else says who it is.',
  date_invalid: 'The time of the lead cannot be read.',
  replayed: 'This very row came before: nothing is written.',
  other_error: 'Refused for another reason; code and hint say which.',
  other: 'Kept, and no lead: a test, a suppressed person, or one that waits for its identity.',
} as const;
export type ImportClass = keyof typeof IMPORT_CLASSES;

/** How a file is to be read, and what counts for every row of it. */
export interface ImportOptions {
  readonly channel?: string;
  readonly campaign?: Campaign;
  readonly store?: string;
  readonly field_map?: Readonly<Record<string, unknown>>; // goes before the template's and the source's
  readonly template?: string; // name of a map saved with the source, or of a preset
  readonly region?: string; // ISO 3166 alpha-2, of phones without a country code
  readonly encoding?: string; // utf-8, gb18030, utf-16le, utf-16be
  readonly delimiter?: string;
  readonly sheet?: string; // name, or number from 1
  readonly header_row?: number; // as a spreadsheet numbers it
}

/** Why a file was refused as a whole. */
export interface ImportFault {
  readonly code: string;
  readonly detail: string;
  readonly hint: string;
}

/** How many rows came to what. */
export interface ImportCounts {
  readonly classes: { readonly [C in ImportClass]?: number };
  readonly decisions: { readonly [D in Decision]?: number };
}

/** An import as it stands. `reading` and `revert` are what its worker noted. */
export interface Import {
  readonly id: string;
  readonly sourceId: string;
  readonly state: ImportState;
  readonly dryRun: boolean;
  readonly mode: Mode;
  readonly fileName: string | null;
  readonly fileBytes: number;
  readonly fileDigest: string | null;
  readonly stores: readonly string[] | null; // that rows may name; null: any
  readonly options: ImportOptions;
  readonly reading: ImportReading | null;
  readonly rowsTotal: number | null;
  readonly rowsDone: number;
  readonly counts: ImportCounts;
  readonly fault: ImportFault | null;
  readonly revert: ImportRevert | null;
  readonly actor: string;
  readonly requestId: string | null;
  readonly version: number;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
}

/** What was found in a file. */
export interface ImportReading {
  readonly format: 'csv' | 'xlsx';
  readonly encoding: string | null; // of csv
  readonly delimiter: string | null; // of csv
  readonly sheet: string | null; // of xlsx
  readonly sheets: readonly string[]; // of xlsx
  readonly header_row: number;
  readonly columns: readonly ImportColumn[];
  readonly skipped: ImportSkipped; // lines that are no rows; whole once the file has been read through
  readonly warnings: readonly string[]; // ambiguous:FIELD, unmapped:HEADER, repeated_header:HEADER, no_phone_column
}

/** Lines that are no rows. */
export interface ImportSkipped {
  readonly before_header: number;
  readonly blank: number;
  readonly repeated_header: number;
  readonly total: number;
}

/** One column of a file. */
export interface ImportColumn {
  readonly index: number; // from 0
  readonly letter: string; // as a spreadsheet names it: A
  readonly header: string; // as typed
  readonly key: string; // unique in the file: what a row's record calls it
  readonly field: string | null; // the canonical field that it fills, or stands beside
  readonly use: 'mapped' | 'second' | 'extra' | 'ignored'; // fills it; where the first is blank, or beside it; kept under extra; not read
  readonly how: 'rule' | 'exact' | 'contains' | 'weak' | null;
}

/** How far taking an import back is. */
export interface ImportRevert {
  readonly row: number; // rows up to it are taken back
  readonly touches: number; // voided
  readonly leads: number; // gone, since nothing else was in them
  readonly kept: number; // rows left alone, since their leads were worked meanwhile
  readonly force: boolean;
  readonly actor: string;
}

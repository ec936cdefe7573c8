import type { ImportFault } from '../domain/import.ts';
import { cleanHeader } from './header.ts';
import type { ColumnMatch } from './sheet-match.ts';

/** One row of a table file: its cells as texts, blank ones ''. */
export interface SheetCells {
  readonly row: number; // from 1, as a spreadsheet numbers it
  readonly cells: readonly string[];
}

const MOST_ROWS = 20; // with cells: a header below that many lines of title is named by its owner
/** The columns that an errors file has of ours: a corrected one is uploaded as it is. */
export const ERROR_COLUMNS: readonly string[] = ['error_row', 'error_column', 'error_code', 'error_hint'];
const MOBILE = /^(?:\+|00)?(?:86)?1[3-9]\d{9}$/;
const HINT =
  'Name the row with header_row, or say with field_map or template what its headers stand for; headers such as 手机号 and phone need neither.';

/** The identities of a person: one such column is a header already. */
export const IDENTITY_FIELDS: ReadonlySet<string | null> = new Set([
  'person.phone',
  'person.wechat',
  'person.wecom.corp_id',
  'person.wecom.external_user_id',
]);

/** The row of the header: the one that was named, else that of the first 20 with the most cells that are known; or why not. */
export function findHeader(
  rows: readonly SheetCells[],
  matchOf: (header: string) => ColumnMatch | null,
  named: number | null,
): SheetCells | { readonly fault: ImportFault } {
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (named !== null && !isOurs(rows[0]))
    return filled.find(({ row }) => row === named) ?? notFound(`Row ${named} holds nothing.`);
  let best: SheetCells | null = null;
  let most: Score = { known: 0, whole: 0, isEnough: false };
  for (const row of filled.slice(0, MOST_ROWS)) {
    const score = scoreOf(row, matchOf);
    const isMore = score.known > most.known || (score.known === most.known && score.whole > most.whole);
    if (!score.isEnough || !isMore) continue;
    best = row;
    most = score;
  }
  return best ?? notFound(whatIs(filled[0]));
}

/** An errors file has its header in its first row, wherever that of the file stood: it can be uploaded with the same options. */
function isOurs(first: SheetCells | undefined): boolean {
  return first?.row === 1 && ERROR_COLUMNS.every((name) => first.cells.includes(name));
}

interface Score {
  readonly known: number; // cells that a rule or the vocabulary knows, each text once
  readonly whole: number; // those that are known as a whole: a title holds the words within
  readonly isEnough: boolean;
}

function scoreOf({ cells }: SheetCells, matchOf: (header: string) => ColumnMatch | null): Score {
  if (holdsMobile(cells)) return { known: 0, whole: 0, isEnough: false };
  const matches = [...new Set(cells.map((cell) => cell.trim()))]
    .filter((cell) => cell !== '')
    .map(matchOf)
    .filter((match) => match !== null);
  const known = matches.length;
  const isIdentity = matches.some(({ field }) => IDENTITY_FIELDS.has(field));
  return { known, whole: matches.filter(({ how }) => how !== 'contains').length, isEnough: known > 1 || isIdentity };
}

/** A row with a number in it is a lead: its channel 微信 and its wish 其他 would be headers too. */
function holdsMobile(cells: readonly string[]): boolean {
  return cells.some((cell) => cell.length < 40 && MOBILE.test(cleanHeader(cell)));
}

/** No cell is shown: a file without a header has people there, and the fault is kept and read by whoever sees the import. */
function whatIs(row: SheetCells | undefined): string {
  if (row === undefined) return 'The first rows hold nothing.';
  if (holdsMobile(row.cells))
    return `Row ${row.row} holds a phone number: it is a lead, and no header stands above it.`;
  const count = row.cells.filter((cell) => cell.trim() !== '').length;
  return `None of the first rows names columns that are known. Row ${row.row} holds ${count} cells.`;
}

function notFound(detail: string): { readonly fault: ImportFault } {
  return { fault: { code: 'header_not_found', detail, hint: HINT } };
}

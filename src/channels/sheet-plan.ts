import { cleanText } from '../domain/clean.ts';
import type { ImportColumn, ImportFault } from '../domain/import.ts';
import { columnLetter } from './column-letter.ts';
import { rulesOf } from './expressions.ts';
import type { FieldMap } from './field-map.ts';
import { ERROR_COLUMNS, findHeader, IDENTITY_FIELDS, type SheetCells } from './sheet-header.ts';
import { type ColumnMatch, columnMatcher } from './sheet-match.ts';
import { cut, storable } from './storable.ts';

/** How the rows of a file are read; plain JSON. */
export interface SheetPlan {
  readonly headerRow: number; // as a spreadsheet numbers it
  readonly columns: readonly ImportColumn[]; // by index; columns that are blank throughout the first rows are left out
  readonly warnings: readonly string[]; // ambiguous:FIELD, unmapped:HEADER, repeated_header:HEADER, no_phone_column
}

/** Why the columns of a file are not known. */
export interface SheetPlanFault {
  readonly fault: ImportFault;
}

const LONGEST_HEADER = 1_000; // characters: more is no header, and is kept for nothing
const LONGEST_KEY = 300; // as long as a path of a rule
const LONGEST_SHOWN = 200;
const OWN_COLUMNS: ReadonlySet<string> = new Set(ERROR_COLUMNS);

/**
 * Plans how a file is read, by its first rows (up to 100) and the maps; `headerRow` is the row of the header where its owner named
 * it. Of several columns for one field those of rules go first, then exact names, words within, weak words, then the leftmost.
 */
export function planSheet(
  rows: readonly SheetCells[],
  maps: readonly FieldMap[],
  headerRow: number | null,
): SheetPlan | SheetPlanFault {
  const matchOf = columnMatcher(maps);
  const header = findHeader(rows, matchOf, headerRow);
  if ('fault' in header) return header;
  const below = rows.filter(({ row }) => row > header.row);
  const named = namedColumns(header.cells, below);
  const ignored = new Set(maps.flatMap((map) => map.ignore ?? []));
  const known = named.map((column) => ({ ...column, match: matchOf(column.key) }));
  const firsts = firstOfEach(known);
  const columns = known.map((column) => planned(column, firsts, ignored));
  return { headerRow: header.row, columns, warnings: warningsOf(columns, known, maps) };
}

interface NamedColumn {
  readonly index: number;
  readonly header: string;
  readonly key: string;
  readonly repeats: string | null; // the header that stood further left too
}

interface KnownColumn extends NamedColumn {
  readonly match: ColumnMatch | null;
}

function namedColumns(header: readonly string[], below: readonly SheetCells[]): readonly NamedColumn[] {
  const filled = new Set(below.flatMap(({ cells }) => cells.flatMap((cell, i) => (cell.trim() === '' ? [] : [i]))));
  const width = [...filled].reduce((most, index) => Math.max(most, index + 1), header.length);
  const taken = new Set<string>();
  const counts = new Map<string, number>(); // so that thousands of one header need no search each
  const columns: NamedColumn[] = [];
  for (let index = 0; index < width; index++) {
    const typed = storable(header[index] ?? '');
    const text = cleanText(typed);
    if (text === undefined && !filled.has(index)) continue;
    const name = keyOf(text ?? `column ${columnLetter(index)}`);
    let count = counts.get(name) ?? 1;
    let key = name;
    while (taken.has(key)) key = `${name} (${++count})`;
    counts.set(name, count);
    taken.add(key);
    const repeats = key !== name && text !== undefined ? name : null;
    columns.push({ index, header: cut(typed, LONGEST_HEADER), key, repeats });
  }
  return columns;
}

/** A key that would set a prototype is written without its underscores. */
function keyOf(text: string): string {
  return text === '__proto__' ? 'proto' : cut(text, LONGEST_KEY);
}

/** The column that fills each field. */
function firstOfEach(columns: readonly KnownColumn[]): ReadonlyMap<string, KnownColumn> {
  const firsts = new Map<string, KnownColumn>();
  for (const column of columns) {
    const field = column.match?.field ?? null;
    if (field === null) continue;
    const before = firsts.get(field)?.match?.rank ?? Number.POSITIVE_INFINITY;
    if ((column.match?.rank ?? 0) < before) firsts.set(field, column);
  }
  return firsts;
}

function planned(
  column: KnownColumn,
  firsts: ReadonlyMap<string, KnownColumn>,
  ignored: ReadonlySet<string>,
): ImportColumn {
  const { index, header, key, match } = column;
  const field = match?.field ?? null;
  const known = { index, letter: columnLetter(index), header, key, field, how: match?.how ?? null };
  if (match !== null) {
    return { ...known, use: field === null || firsts.get(field) === column ? 'mapped' : 'second' };
  }
  return { ...known, use: OWN_COLUMNS.has(key) || ignored.has(key) ? 'ignored' : 'extra' };
}

function warningsOf(
  columns: readonly ImportColumn[],
  named: readonly NamedColumn[],
  maps: readonly FieldMap[],
): readonly string[] {
  const warnings = new Set<string>();
  for (const { field, use } of columns) {
    if (use !== 'second') continue;
    const first = columns.find((one) => one.field === field && one.use === 'mapped');
    if (first?.how !== 'rule') warnings.add(`ambiguous:${field}`); // a rule says which goes first
  }
  for (const { key, use } of columns) if (use === 'extra') warnings.add(`unmapped:${cut(key, LONGEST_SHOWN)}`);
  for (const { repeats } of named) if (repeats !== null) warnings.add(`repeated_header:${cut(repeats, LONGEST_SHOWN)}`);
  if (!hasIdentity(columns, maps)) warnings.add('no_phone_column');
  return [...warnings];
}

/** A rule that reads no column may still say who a lead is. */
function hasIdentity(columns: readonly ImportColumn[], maps: readonly FieldMap[]): boolean {
  if (columns.some(({ field }) => IDENTITY_FIELDS.has(field))) return true;
  const fields = ['person.phone', 'person.wechat', 'person.wecom.external_user_id'] as const;
  const rules = maps.flatMap((map) => fields.flatMap((field) => rulesOf(map, field)));
  return rules.some((rule) => 'expression' in rule || 'constant' in rule);
}

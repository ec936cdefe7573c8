import { SheetError, type SheetLimits, type SheetRow } from './sheet.ts';
import type { XlsxBudget } from './xlsx-budget.ts';
import { cellText, type XlsxBook } from './xlsx-cell.ts';
import { damaged } from './xlsx-damage.ts';
import { columnAt, placeOf } from './xlsx-place.ts';
import { readXml, type XmlHandlers } from './xlsx-xml.ts';

const GROUP_ROWS = 500;
const GROUP_CHARACTERS = 1_000_000; // rows of long texts go on sooner
const LAST_ROW = 2 ** 24; // Excel ends at 2 ** 20, LibreOffice at this one

/** What a sheet is read with. */
export interface XlsxReading {
  readonly book: XlsxBook;
  readonly limits: SheetLimits;
  readonly budget: XlsxBudget;
}

/** The rows of a sheet that hold anything, in groups of some 500; `bytes` are its XML. Throws SheetError. */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  part: string,
  reading: XlsxReading,
): AsyncGenerator<readonly SheetRow[]> {
  let group: SheetRow[] = [];
  let characters = 0;
  let rows = 0;
  const handlers = createAssembler(reading, (row, length) => {
    group.push(row);
    characters += length;
    rows += 1;
    if (rows > reading.limits.rows) throw tooManyRows(reading.limits.rows);
  });
  for await (const _ of readXml(bytes, part, handlers)) {
    if (group.length < GROUP_ROWS && characters < GROUP_CHARACTERS) continue;
    yield group;
    group = [];
    characters = 0;
  }
  if (group.length > 0) yield group;
}

// Hears the XML of a sheet and tells each row that holds anything, with how many characters it has.
function createAssembler(reading: XlsxReading, tell: (row: SheetRow, length: number) => void): XmlHandlers {
  let inData = false;
  let inValue = false;
  let guides = 0; // phonetic guides that are open
  let row = 0;
  let cells: string[] = [];
  let length = 0;
  let column = -1;
  let type = '';
  let style = 0;
  let value = '';

  function startRow(r: string | undefined): void {
    const next = r === undefined ? row + 1 : Number(r);
    if (!Number.isInteger(next) || next <= row || next > LAST_ROW) throw damaged(`Row ${row} is followed by row ${r}.`);
    row = next;
    cells = [];
    length = 0;
    column = -1;
  }

  function startCell(attributes: Readonly<Record<string, string>>): void {
    const place = attributes['r'];
    const at = place === undefined ? column + 1 : columnAt(place);
    if (at === null) throw damaged(`Row ${row} has a cell at ${place?.slice(0, 20)}.`);
    column = at;
    type = attributes['t'] ?? 'n';
    style = Number(attributes['s'] ?? 0);
    value = '';
  }

  function endCell(): void {
    const text = cellText({ type, style, value }, reading.book);
    if (text === '') return;
    if (column >= reading.limits.columns) throw tooManyColumns(column, row, reading.limits.columns);
    if (text.length > reading.limits.cellCharacters) throw tooLong(column, row, reading.limits.cellCharacters);
    if (type === 's') reading.budget.spend(text.length); // one long text may stand in a million cells
    while (cells.length < column) cells.push('');
    cells[column] = text;
    length += text.length;
  }

  return {
    open: (name, attributes) => {
      if (!inData) inData = name === 'sheetData';
      else if (name === 'c') startCell(attributes);
      else if (name === 'v' || name === 't') inValue = guides === 0;
      else if (name === 'row') startRow(attributes['r']);
      else if (name === 'rPh') guides += 1;
    },
    text: (text) => {
      if (inValue) value += text;
    },
    close: (name) => {
      if (!inData) return;
      if (name === 'v' || name === 't') inValue = false;
      else if (name === 'c') endCell();
      else if (name === 'row' && cells.length > 0) tell({ row, cells }, length);
      else if (name === 'rPh') guides -= 1;
      else if (name === 'sheetData') inData = false;
    },
  };
}

function tooManyRows(limit: number): SheetError {
  const detail = `The sheet has more than ${limit} rows.`;
  return new SheetError('too_many_rows', detail, 'Split the file, and upload its parts one by one.');
}

function tooManyColumns(column: number, row: number, limit: number): SheetError {
  const detail = `Cell ${placeOf(column, row)} stands beyond the ${limit} columns that are taken.`;
  return new SheetError('too_many_columns', detail, 'Delete the columns that are not needed.');
}

function tooLong(column: number, row: number, limit: number): SheetError {
  const detail = `Cell ${placeOf(column, row)} has more than ${limit} characters.`;
  return new SheetError('cell_too_long', detail, 'Shorten the cell.');
}

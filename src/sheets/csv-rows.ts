import { CsvError, type Options, parse } from 'csv-parse';
import { unescaped } from './escaped-text.ts';
import { SheetError, type SheetLimits, type SheetRow } from './sheet.ts';

const GROUP = 500; // rows
const LEAST_BLANK = 100_000; // blank rows that a file may have in any case
const LEAST_RECORD = 2_097_152; // bytes that a row may have in any case
const QUOTE_HINT = 'Look for a quote (") that is not closed, or write quotes within a cell twice ("").';

/** The rows of CSV in groups of 500, read one piece ahead at most; `pieces` are UTF-8. Throws SheetError. */
export async function* csvRows(
  pieces: AsyncIterable<Buffer>,
  delimiter: string,
  limits: SheetLimits,
): AsyncGenerator<readonly SheetRow[]> {
  const ready: SheetRow[] = [];
  let read = 0;
  let filled = 0;
  const onRecord = (record: readonly string[]): null => {
    read += 1;
    const cells = cellsOf(record, read, delimiter, limits);
    if (cells.length > 0) filled += 1;
    if (filled > limits.rows) throw tooManyRows(`${limits.rows} rows that hold anything`);
    if (read - filled > mostBlank(limits)) throw tooManyRows(`${mostBlank(limits)} blank rows`);
    ready.push({ row: read, cells });
    // Else csv-parse makes an error, in vain, of every row that is not as wide as the first: 70 µs each, and a first row is often a title.
    Object.assign(parser.info, { records: 0 });
    return null;
  };
  const parser = parse({ ...parserOptions(delimiter, limits), on_record: onRecord });
  parser.on('error', () => undefined); // it comes out of the write as well
  try {
    for await (const piece of pieces) {
      await settled((done) => parser.write(piece, done));
      while (ready.length >= GROUP) yield ready.splice(0, GROUP);
    }
    await settled((done) => parser.end(done));
  } catch (error) {
    throw error instanceof CsvError ? refusal(error, read + 1, limits) : error;
  }
  while (ready.length > 0) yield ready.splice(0, GROUP);
}

type Done = (error?: Error | null) => void;

function settled(work: (done: Done) => void): Promise<void> {
  return new Promise((resolve, reject) => work((error) => (error ? reject(error) : resolve())));
}

function parserOptions(delimiter: string, limits: SheetLimits): Options {
  return {
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'], // files put together from others mix them
    relax_column_count: true,
    relax_quotes: true,
    // What goes beyond the columns stays one cell, whose length is bounded as well: a line of nothing but commas is held in no list.
    ignore_last_delimiters: limits.columns + 1,
    max_record_size: recordBytes(limits),
  };
}

function recordBytes(limits: SheetLimits): number {
  return Math.max(LEAST_RECORD, 4 * limits.cellCharacters);
}

function cellsOf(record: readonly string[], row: number, delimiter: string, limits: SheetLimits): readonly string[] {
  const within = record.length > limits.columns ? withoutRest(record, row, delimiter, limits) : record;
  const cells = within.map(unescaped);
  while (cells.at(-1) === '') cells.pop();
  const long = cells.findIndex((cell) => cell.length > limits.cellCharacters);
  if (long !== -1) throw tooLong(row, long + 1, limits);
  return cells;
}

function withoutRest(
  record: readonly string[],
  row: number,
  delimiter: string,
  limits: SheetLimits,
): readonly string[] {
  const rest = record[limits.columns] ?? '';
  if (/[^"]/.test(rest.replaceAll(delimiter, ''))) throw tooManyColumns(row, limits);
  return record.slice(0, limits.columns);
}

function refusal(error: CsvError, row: number, limits: SheetLimits): SheetError {
  const column = Number(error['column']) + 1;
  if (error.code === 'CSV_QUOTE_NOT_CLOSED') {
    const detail = `The quoted cell that begins in row ${row}, column ${column}, does not end.`;
    return new SheetError('quote_open', detail, QUOTE_HINT);
  }
  if (column > limits.columns) return tooManyColumns(row, limits);
  const detail = `Row ${row} has more than ${recordBytes(limits)} bytes up to its column ${column}.`;
  return new SheetError('cell_too_long', detail, QUOTE_HINT);
}

function tooLong(row: number, column: number, limits: SheetLimits): SheetError {
  const detail = `The cell in row ${row}, column ${column}, has more than ${limits.cellCharacters} characters.`;
  return new SheetError('cell_too_long', detail, QUOTE_HINT);
}

function tooManyColumns(row: number, limits: SheetLimits): SheetError {
  const detail = `Row ${row} has more than ${limits.columns} cells.`;
  return new SheetError('too_many_columns', detail, 'Take out the columns that are not needed, or name the delimiter.');
}

function tooManyRows(most: string): SheetError {
  return new SheetError('too_many_rows', `The file has more than ${most}.`, 'Split it into several files.');
}

/** Blank rows count for nothing, but each takes 5 µs: a file of nothing else would take an hour. */
function mostBlank(limits: SheetLimits): number {
  return Math.max(limits.rows, LEAST_BLANK);
}

import { parse } from 'csv-parse/sync';
import { SheetError } from './sheet.ts';

/** The beginning of a text. */
export interface Sample {
  readonly text: string;
  readonly whole: boolean; // nothing follows
}

interface Fit {
  readonly delimiter: string;
  readonly width: number; // cells of the commonest row
  readonly score: number;
}

const CANDIDATES: readonly string[] = [',', '\t', ';', '，', '|']; // of equals the first
const ROWS = 50; // that are looked at
const SEP_LINE = /^sep=([^\r\n])\r?(?:\n|$)/i; // spreadsheet programs write and obey it

/** Tells the delimiter by the first rows, quotes respected; a single column is comma. */
export function delimiterOf(sample: Sample): string {
  const told = SEP_LINE.exec(sample.text)?.[1];
  if (told !== undefined && isDelimiter(told)) return told;
  const fits = CANDIDATES.map((delimiter) => fitOf(sample, delimiter));
  return fits.reduce((best, fit) => (better(fit, best) ? fit : best)).delimiter;
}

/** The delimiter as it was named, `\t` spelled out taken too; throws delimiter_invalid. */
export function delimiterNamed(named: string | null): string | null {
  if (named === null) return null;
  const delimiter = named === '\\t' ? '\t' : named;
  if (isDelimiter(delimiter)) return delimiter;
  const hint = 'Name one character, such as , ; | or a tab; leave it out and it is found.';
  throw new SheetError('delimiter_invalid', 'The delimiter is not one character, or is a quote or a line end.', hint);
}

function isDelimiter(text: string): boolean {
  return [...text].length === 1 && !/["\r\n\0\p{Cs}]/u.test(text);
}

function better(fit: Fit, best: Fit): boolean {
  return fit.score > best.score || (fit.score === best.score && fit.width > best.width);
}

/** The share of rows with the commonest count of cells, less the later the delimiter first shows: a list within a cell (`a;b`) stands in no header. */
function fitOf(sample: Sample, delimiter: string): Fit {
  const counts = cellCounts(sample, delimiter);
  const first = counts.findIndex((count) => count > 1);
  if (first === -1) return { delimiter, width: 1, score: 0 };
  const rows = new Map<number, number>();
  for (const count of counts.filter((count) => count > 1)) rows.set(count, (rows.get(count) ?? 0) + 1);
  const [width, common] = [...rows].reduce((most, entry) => (entry[1] > most[1] ? entry : most));
  return { delimiter, width, score: common / counts.length / (1 + first) };
}

function cellCounts({ text, whole }: Sample, delimiter: string): readonly number[] {
  const counts: number[] = [];
  const onRecord = (cells: readonly string[]): null => {
    if (cells.some((cell) => cell !== '')) counts.push(cells.length);
    return null;
  };
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
      to: ROWS,
      on_record: onRecord,
    });
  } catch {
    return counts; // a quote is open where the sample ends; the rows before it count
  }
  return whole || counts.length < 2 || counts.length === ROWS ? counts : counts.slice(0, -1);
}

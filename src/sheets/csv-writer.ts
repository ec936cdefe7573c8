import { stringify } from 'csv-stringify/sync';
import iconv from 'iconv-lite';

/** How CSV is written; every one of the encodings holds every character. */
export interface CsvFormat {
  readonly encoding: 'utf-8' | 'utf-8-bom' | 'gb18030' | 'utf-16le';
  readonly delimiter: string; // one character
}

const MARKS: { readonly [E in CsvFormat['encoding']]: string } = {
  'utf-8': '',
  'utf-8-bom': '\uFEFF',
  gb18030: '',
  'utf-16le': '\uFEFF',
};

/** Rows as the bytes of CSV with CRLF, a piece a group; the texts are written as they are: formulaSafe comes before. */
export async function* csvLines(
  rows: AsyncIterable<readonly (readonly string[])[]>,
  format: CsvFormat,
): AsyncGenerator<Buffer> {
  const encoding = format.encoding === 'utf-8-bom' ? 'utf-8' : format.encoding;
  const mark = MARKS[format.encoding];
  if (mark !== '') yield iconv.encode(mark, encoding, { addBOM: false });
  for await (const group of rows) {
    if (group.length === 0) continue;
    // A lone CR ends a row for readers as it does for ours; a mark at the beginning would be taken for the file's.
    const text = stringify(group as string[][], {
      delimiter: format.delimiter,
      record_delimiter: 'windows',
      quoted_match: [/[\r\n]/, /^\uFEFF/],
    });
    yield iconv.encode(text, encoding, { addBOM: false });
  }
}

const FORMULA = /^'*[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+([.,]\d+)?$/;

/** A text that no spreadsheet takes for a formula: `'` goes before = + - @ tab and CR, but phones and numbers stay as they are. */
export function formulaSafe(text: string): string {
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

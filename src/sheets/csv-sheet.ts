import { delimiterNamed, delimiterOf, type Sample } from './csv-dialect.ts';
import { csvRows } from './csv-rows.ts';
import { firstText } from './first-text.ts';
import type { Sheet, SheetFile, SheetLimits, SheetOptions } from './sheet.ts';
import { encodingOf, type TextEncoding } from './text-encoding.ts';
import { utf8Pieces } from './utf8-pieces.ts';

const SAMPLE = 32_768; // bytes that tell the delimiter

/** Opens a text as CSV: reads it through once for its encoding, and its beginning for its delimiter; throws SheetError. */
export async function openCsv(
  file: SheetFile,
  head: Uint8Array,
  options: SheetOptions,
  limits: SheetLimits,
): Promise<Sheet> {
  const named = delimiterNamed(options.delimiter);
  const encoding = await encodingOf(file, head, options.encoding);
  const delimiter = named ?? delimiterOf(await sampleOf(file, encoding));
  return {
    facts: { format: 'csv', encoding: encoding.name, delimiter },
    rows: () => csvRows(utf8Pieces(file, encoding), delimiter, limits),
  };
}

async function sampleOf(file: SheetFile, encoding: TextEncoding): Promise<Sample> {
  const text = await firstText(file, encoding, SAMPLE);
  return { text, whole: file.size <= encoding.mark + SAMPLE };
}

import { SheetError } from './sheet.ts';

const KINDS: readonly (readonly [RegExp, string, string])[] = [
  [/^xl\/workbook\.bin$/i, 'It is a binary workbook (.xlsb).', 'Save it as .xlsx or as CSV UTF-8.'],
  [/^word\//i, 'It is a text document (.docx).', 'Copy its table to a spreadsheet, and save that as .xlsx.'],
  [/^ppt\//i, 'It is a presentation (.pptx).', 'Copy its table to a spreadsheet, and save that as .xlsx.'],
  [/^mimetype$/, 'It is an OpenDocument file (.ods or alike).', 'Save it as .xlsx or as CSV UTF-8.'],
  [/\.iwa$/i, 'It is a Numbers file.', 'Export it as .xlsx or as CSV UTF-8.'],
];

/** The refusal of a zip that is no workbook, by the names of its parts. */
export function foreignZip(names: readonly string[]): SheetError {
  for (const [part, detail, hint] of KINDS) {
    if (names.some((name) => part.test(name))) return new SheetError('format_unknown', detail, hint);
  }
  return new SheetError('format_unknown', 'It is a zip that is no workbook.', 'Unpack it, and upload the files in it.');
}

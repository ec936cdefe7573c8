import { openCsv } from './csv-sheet.ts';
import { fileFormat } from './file-format.ts';
import { filePieces } from './file-pieces.ts';
import { type Sheet, SheetError, type SheetFile, type SheetLimits, type SheetOptions } from './sheet.ts';
import { openXlsx } from './xlsx-sheet.ts';

const HEAD = 4096; // bytes that tell the format

/** Opens a file as a table, whatever its name: CSV or XLSX is told by its bytes. Throws SheetError. */
export async function openSheet(file: SheetFile, options: SheetOptions, limits: SheetLimits): Promise<Sheet> {
  const head = await firstBytes(file);
  if (head.length === 0) throw new SheetError('file_empty', 'The file has no bytes.', 'Upload the file again.');
  const format = fileFormat(head);
  switch (format.kind) {
    case 'xlsx':
      return openXlsx(file, options, limits);
    case 'text':
      return openCsv(file, head, options, limits);
    case 'other':
      throw new SheetError('format_unknown', `The file is ${format.what}.`, format.hint);
  }
}

async function firstBytes(file: SheetFile): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of filePieces(file, 0, Math.min(file.size, HEAD), HEAD)) pieces.push(piece);
  return Buffer.concat(pieces);
}

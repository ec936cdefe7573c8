import { filePieces } from './file-pieces.ts';
import type { SheetFile } from './sheet.ts';
import type { TextEncoding } from './text-encoding.ts';

/** The text of the first `bytes` bytes of a file; a character that is cut there is left out. */
export async function firstText(file: SheetFile, encoding: TextEncoding, bytes: number): Promise<string> {
  const decoder = new TextDecoder(encoding.name, { ignoreBOM: true });
  let text = '';
  for await (const piece of filePieces(file, encoding.mark, Math.min(file.size, encoding.mark + bytes), bytes)) {
    text += decoder.decode(piece, { stream: true });
  }
  return text;
}

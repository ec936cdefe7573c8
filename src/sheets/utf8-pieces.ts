import { setImmediate } from 'node:timers/promises';
import { filePieces } from './file-pieces.ts';
import { SheetError, type SheetFile } from './sheet.ts';
import type { TextEncoding } from './text-encoding.ts';

// What is parsed without a break: 1 to 2 ms, so that whoever else works in the process is not kept; some 200 rows.
const PIECE = 16_384; // bytes

/** The text of a file as UTF-8 without its mark, in small pieces, others being let in between; throws encoding_invalid. */
export async function* utf8Pieces(file: SheetFile, encoding: TextEncoding): AsyncGenerator<Buffer> {
  const pieces = filePieces(file, encoding.mark, file.size, PIECE);
  for await (const piece of encoding.name === 'utf-8' ? pieces : decoded(pieces, encoding.name)) {
    yield piece;
    await setImmediate();
  }
}

async function* decoded(pieces: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(name, { fatal: true, ignoreBOM: true });
  for await (const piece of pieces) yield recoded(name, () => decoder.decode(piece, { stream: true }));
  yield recoded(name, () => decoder.decode());
}

function recoded(name: string, decode: () => string): Buffer {
  try {
    return Buffer.from(decode());
  } catch {
    throw new SheetError('encoding_invalid', `The text has bytes that are no ${name}.`, 'Upload the file again.');
  }
}

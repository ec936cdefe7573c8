import { RandomAccessReader } from 'yauzl';
import type { SheetFile } from './sheet.ts';
import { SheetFileError } from './xlsx-damage.ts';

// The list of a zip is read in pieces of 50 bytes, and a file may lie in sealed chunks of 256 KiB: one piece is kept.
const PIECE_BYTES = 256 * 1024;

/** The bytes of a file from `from` to `to`; throws SheetFileError where the file cannot be read or ends too soon. */
export async function* readBytes(file: SheetFile, from: number, to: number): AsyncGenerator<Uint8Array> {
  let left = to - from;
  try {
    for await (const bytes of file.read(from, to)) {
      left -= bytes.length;
      yield bytes;
    }
  } catch (error) {
    throw new SheetFileError(error);
  }
  if (left !== 0) throw new SheetFileError(new Error(`The file gave ${to - from - left} bytes of ${to - from}.`));
}

/** A file as the zip reader wants it. */
export class ZipBytes extends RandomAccessReader {
  readonly #file: SheetFile;
  #from = 0;
  #piece: Buffer = Buffer.alloc(0);

  constructor(file: SheetFile) {
    super();
    this.#file = file;
  }

  /** Fills `buffer` from `offset` with `length` bytes that lie at `position`. */
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    done: (error: Error | null, bytes?: number) => void,
  ): void {
    this.#pieceAt(position, length).then(
      (piece) => done(null, piece.copy(buffer, offset)),
      (error: Error) => done(error),
    );
  }

  async #pieceAt(position: number, length: number): Promise<Buffer> {
    const end = Math.min(position + length, this.#file.size);
    if (position < this.#from || end > this.#from + this.#piece.length) {
      const to = Math.min(position + Math.max(length, PIECE_BYTES), this.#file.size);
      const pieces: Uint8Array[] = [];
      if (position < to) for await (const bytes of readBytes(this.#file, position, to)) pieces.push(bytes);
      this.#from = position;
      this.#piece = Buffer.concat(pieces);
    }
    return this.#piece.subarray(position - this.#from, Math.max(position, end) - this.#from);
  }
}

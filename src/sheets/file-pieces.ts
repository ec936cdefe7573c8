import type { SheetFile } from './sheet.ts';

/** The bytes of a file from `from` to `to`, in pieces of at most `most` bytes; throws where there are fewer. */
export async function* filePieces(file: SheetFile, from: number, to: number, most: number): AsyncGenerator<Buffer> {
  if (from >= to) return;
  let left = to - from;
  for await (const bytes of file.read(from, to)) {
    left -= bytes.length;
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = 0; at < whole.length; at += most) yield whole.subarray(at, at + most);
  }
  if (left !== 0) throw new Error(`the file gave ${to - from - left} bytes of ${to - from}`); // never rows of half a file
}

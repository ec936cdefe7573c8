import type { TextDecoder as Decoder } from 'node:util';
import { filePieces } from './file-pieces.ts';
import type { SheetFile } from './sheet.ts';

/** Where a text is not in its encoding. */
export interface TextFault {
  readonly line: number | null; // from 1; of UTF-16 not known
  readonly cut: boolean; // only the last character is not whole
  readonly rightly: number; // characters beyond ASCII near the fault that are in the encoding
  readonly wrongly: number; // places near it that are not
}

interface Encoded {
  readonly name: string;
  readonly mark: number; // bytes before the text
}

const LINE_END = 10;
const WRONG = '\uFFFD'; // what a decoder puts in place of bytes that it cannot read

/** The first place of a file that is not in its encoding, looked for in blocks of `block` bytes; null: all of it is. */
export async function faultIn(file: SheetFile, encoding: Encoded, block: number): Promise<TextFault | null> {
  const decoder = new TextDecoder(encoding.name, { fatal: true, ignoreBOM: true });
  let at = encoding.mark;
  for await (const piece of filePieces(file, at, file.size, block)) {
    if (!takes(decoder, piece)) return faultAt(file, encoding, at, at + piece.length);
    at += piece.length;
  }
  return takes(decoder, null)
    ? null
    : { ...(await faultAt(file, encoding, Math.max(encoding.mark, at - block), at)), cut: true };
}

function takes(decoder: Decoder, piece: Buffer | null): boolean {
  try {
    if (piece === null) decoder.decode();
    else decoder.decode(piece, { stream: true });
    return true;
  } catch {
    return false;
  }
}

async function faultAt(file: SheetFile, encoding: Encoded, from: number, to: number): Promise<TextFault> {
  const { start, bytes } = await lineOf(file, encoding.mark, from, to);
  const text = new TextDecoder(encoding.name, { ignoreBOM: true }).decode(bytes);
  const parts = text.split(WRONG);
  const beyond = text.replace(/[\0-\x7F\uFFFD]/g, '').length;
  const line = encoding.name.startsWith('utf-16') ? null : (await lineEnds(file, start)) + lines(parts[0] ?? '') + 1;
  return { line, cut: false, rightly: beyond, wrongly: parts.length - 1 };
}

/** The bytes of a block and of the line that it begins in, since it may begin within a character; of a very long line the block alone. */
async function lineOf(
  file: SheetFile,
  mark: number,
  from: number,
  to: number,
): Promise<{ start: number; bytes: Buffer }> {
  const before = Math.max(mark, from - (to - from));
  const pieces: Buffer[] = [];
  for await (const piece of filePieces(file, before, to, to - before)) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  const end = bytes.indexOf(LINE_END) + 1;
  const skip = before === mark ? 0 : end > 0 && before + end <= from ? end : from - before;
  return { start: before + skip, bytes: bytes.subarray(skip) };
}

async function lineEnds(file: SheetFile, to: number): Promise<number> {
  let found = 0;
  for await (const piece of filePieces(file, 0, to, to)) {
    for (let at = piece.indexOf(LINE_END); at !== -1; at = piece.indexOf(LINE_END, at + 1)) found += 1;
  }
  return found;
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}

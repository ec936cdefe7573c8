import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, fromRandomAccessReaderPromise, type ZipFile } from 'yauzl';
import type { SheetFile } from './sheet.ts';
import type { XlsxBudget } from './xlsx-budget.ts';
import { damaged, faultOf } from './xlsx-damage.ts';
import { readBytes, ZipBytes } from './xlsx-file.ts';

const MOST_PARTS = 10_000; // a workbook with a thousand pictures has some 1,100
const PIECE_BYTES = 16 * 1024; // 16 KiB of sheet are some 800 cells at most: what they can blow up to stays small

/** The parts of a workbook file, by name. */
export interface XlsxZip {
  readonly names: readonly string[]; // as written
  readonly has: (name: string) => boolean; // whatever its case, as the format wants it
  /** A part unpacked, in pieces of at most 16 KiB, checked by its checksum; throws SheetError. */
  readonly read: (name: string, budget: XlsxBudget) => AsyncIterable<Uint8Array>;
}

/** Opens a zip by its list of parts; throws SheetError file_damaged. */
export async function openZip(file: SheetFile): Promise<XlsxZip> {
  try {
    const zip = await fromRandomAccessReaderPromise(new ZipBytes(file), file.size, { autoClose: false });
    const entries = await listEntries(zip);
    return {
      names: [...entries.values()].map((entry) => entry.fileName),
      has: (name) => entries.has(name.toLowerCase()),
      read: (name, budget) => readEntry(file, zip, name, entries.get(name.toLowerCase()), budget),
    };
  } catch (error) {
    throw faultOf(error, 'The list of its parts');
  }
}

async function listEntries(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName.toLowerCase();
    if (!entries.has(name)) entries.set(name, entry);
    if (zip.entriesRead > MOST_PARTS) throw damaged(`It has more than ${MOST_PARTS} parts.`);
  }
  return entries;
}

async function* readEntry(
  file: SheetFile,
  zip: ZipFile,
  name: string,
  entry: Entry | undefined,
  budget: XlsxBudget,
): AsyncGenerator<Uint8Array> {
  if (entry === undefined) throw damaged(`Its part ${name} is missing.`);
  if (entry.isEncrypted()) throw damaged(`Its part ${name} has a password.`);
  if (!entry.canDecodeFileData()) throw damaged(`Its part ${name} is packed in a way that workbooks never are.`);
  let sum = 0;
  try {
    const { fileDataStart: from } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    const bytes = readBytes(file, from, from + entry.compressedSize);
    for await (const piece of entry.compressionMethod === 8 ? inflate(bytes) : cut(bytes)) {
      budget.spend(piece.length);
      sum = crc32(piece, sum);
      yield piece;
    }
  } catch (error) {
    throw faultOf(error, `Its part ${name}`);
  }
  if (sum !== entry.crc32) throw damaged(`Its part ${name} is not what was packed: its checksum differs.`);
}

function inflate(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const inflater = createInflateRaw({ chunkSize: PIECE_BYTES });
  // What fails on the way in comes out of the inflater as its error; closing the inflater closes the way in.
  pipeline(Readable.from(bytes), inflater, () => undefined);
  return inflater;
}

async function* cut(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; at += PIECE_BYTES) yield piece.subarray(at, at + PIECE_BYTES);
  }
}

import type { SheetFile, SheetLimits, SheetOptions } from '../../src/sheets/sheet.ts';

/** Bytes as a file that is read in pieces of `piece` bytes. */
export function fileOf(bytes: Uint8Array | string, piece = 65_536): SheetFile {
  const whole = Buffer.from(bytes);
  return {
    size: whole.length,
    async *read(from, to) {
      for (let at = from; at < to; at += piece) yield whole.subarray(at, Math.min(to, at + piece));
    },
  };
}

/** Nothing is said of the file. */
export const UNNAMED: SheetOptions = { encoding: null, delimiter: null, sheet: null };

/** Limits that no test meets by chance. */
export const WIDE: SheetLimits = {
  rows: 1_000_000,
  columns: 500,
  cellCharacters: 32_767,
  inflatedBytes: 1e9,
  sharedStringBytes: 1e8,
};

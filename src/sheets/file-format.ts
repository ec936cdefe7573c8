/** What a file is, told by its first bytes; `what` names a document that is no table, `hint` what its owner can do. */
export type FileFormat =
  | { readonly kind: 'xlsx' }
  | { readonly kind: 'text' }
  | { readonly kind: 'other'; readonly what: string; readonly hint: string };

const SAVE_AS = 'Open it in a spreadsheet program and save it as CSV UTF-8 or XLSX.';
const UNPACK = 'Unpack it and upload the CSV or XLSX inside.';
const NO_TABLE = 'Upload the table itself, as CSV UTF-8 or XLSX.';

// Bytes in hex, what they begin, and what can be done. An XLSX is a ZIP; whether the ZIP is one is found by its reader.
const SIGNATURES: readonly (readonly [string, string, string])[] = [
  ['d0cf11e0', 'an old workbook (.xls) or one with a password', `${SAVE_AS} Take the password off first.`],
  ['255044462d', 'a PDF', NO_TABLE],
  ['1f8b', 'a gzip archive', UNPACK],
  ['526172211a07', 'a RAR archive', UNPACK],
  ['377abcaf271c', 'a 7z archive', UNPACK],
  ['504b0506', 'a ZIP archive with nothing in it', UNPACK],
  ['504b0708', 'a ZIP archive in parts', UNPACK],
  ['89504e470d0a1a0a', 'a picture', NO_TABLE],
  ['ffd8ff', 'a picture', NO_TABLE],
  ['474946383761', 'a picture', NO_TABLE],
  ['474946383961', 'a picture', NO_TABLE],
];
// Many back offices name a web page or an XML file .xls, and spreadsheet programs open it.
const MARKUP = /^\s*<(\?xml|!doctype|html|head|meta|style|table|workbook)\b/i;
const NUL_WITHIN = 4096; // bytes that are looked at: a binary document shows itself by then, a stray NUL further on is let be

/** Tells what a file is by its first bytes (4 KiB are enough); NULs that are no UTF-16 make it no text. */
export function fileFormat(head: Uint8Array): FileFormat {
  const start = Buffer.from(head.subarray(0, NUL_WITHIN));
  const hex = start.subarray(0, 8).toString('hex');
  if (hex.startsWith('504b0304')) return { kind: 'xlsx' };
  const found = SIGNATURES.find(([bytes]) => hex.startsWith(bytes));
  if (found !== undefined) return { kind: 'other', what: found[1], hint: found[2] };
  if (utf16Of(start) !== null) return { kind: 'text' };
  if (start.includes(0))
    return { kind: 'other', what: 'no text: it holds bytes of a program or a picture', hint: SAVE_AS };
  if (
    MARKUP.test(
      start
        .subarray(0, 200)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    )
  ) {
    return { kind: 'other', what: 'a web page or XML, whatever its name says', hint: SAVE_AS };
  }
  return { kind: 'text' };
}

/** Which UTF-16 the first bytes are by their mark or, without one, by where the NULs stand; null: none. */
export function utf16Of(head: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const end = Math.min(head.length, NUL_WITHIN);
  const nuls: [number, number] = [0, 0]; // at even and at odd places
  for (let at = 0; at < end; at += 1) if (head[at] === 0) nuls[at % 2 === 0 ? 0 : 1] += 1;
  // Of a Chinese table a quarter of the units are digits, delimiters and line ends; and 一 (U+4E00) has its NUL in the other place.
  const enough = Math.max(1, end / 2 / 10);
  if (nuls[1] >= enough && nuls[1] > 3 * nuls[0]) return 'utf-16le';
  if (nuls[0] >= enough && nuls[0] > 3 * nuls[1]) return 'utf-16be';
  return null;
}

import { utf16Of } from './file-format.ts';
import { SheetError, type SheetFaultCode, type SheetFile } from './sheet.ts';
import { faultIn, type TextFault } from './text-fault.ts';

/** How the text of a file is written: a name that TextDecoder knows, and the bytes of its byte order mark. */
export interface TextEncoding {
  readonly name: string;
  readonly mark: number;
}

const MARKS: readonly (readonly [string, string])[] = [
  ['efbbbf', 'utf-8'],
  ['84319533', 'gb18030'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];
const SAVE_AGAIN = 'Save the file as CSV UTF-8 and upload it again, or name its encoding.';
const WHOLE = 'Export or copy the file again: it was cut off.';
const MOST = 65_536; // bytes that a fault is found within

/** Finds out how a text is written and holds every byte of it to that; throws encoding_unknown, or encoding_invalid when `named` does not fit. */
export async function encodingOf(file: SheetFile, head: Uint8Array, named: string | null): Promise<TextEncoding> {
  const marked = markOf(head);
  if (named !== null) return held(file, namedEncoding(named, marked), 'encoding_invalid');
  if (marked !== null) return held(file, marked, 'encoding_unknown');
  const wide = utf16Of(head);
  if (wide !== null) return held(file, { name: wide, mark: 0 }, 'encoding_unknown');
  return plainEncoding(file);
}

async function plainEncoding(file: SheetFile): Promise<TextEncoding> {
  const fault = await faultIn(file, { name: 'utf-8', mark: 0 }, MOST);
  if (fault === null) return { name: 'utf-8', mark: 0 };
  // Exports that cut a cell to so many bytes leave half a character behind. GB18030 would take most of such a file, and make of
  // every name another one.
  if (fault.rightly > 4 * fault.wrongly) throw refusal('encoding_unknown', 'utf-8', fault);
  if ((await faultIn(file, { name: 'gb18030', mark: 0 }, MOST)) === null) return { name: 'gb18030', mark: 0 };
  if (fault.cut) throw refusal('encoding_unknown', 'utf-8', fault);
  throw new SheetError('encoding_unknown', 'The text is neither UTF-8 nor GB18030 nor UTF-16.', SAVE_AGAIN);
}

async function held(file: SheetFile, encoding: TextEncoding, code: SheetFaultCode): Promise<TextEncoding> {
  const fault = await faultIn(file, encoding, MOST);
  if (fault !== null) throw refusal(code, encoding.name, fault);
  return encoding;
}

function refusal(code: SheetFaultCode, name: string, fault: TextFault): SheetError {
  if (fault.cut) return new SheetError(code, `The text is ${name}, and ends in the middle of a character.`, WHOLE);
  const where = fault.line === null ? '' : `, first in line ${fault.line}`;
  return new SheetError(code, `The text has bytes that are no ${name}${where}.`, SAVE_AGAIN);
}

function markOf(head: Uint8Array): TextEncoding | null {
  const hex = Buffer.from(head.subarray(0, 4)).toString('hex');
  const found = MARKS.find(([mark]) => hex.startsWith(mark));
  return found === undefined ? null : { name: found[1], mark: found[0].length / 2 };
}

function namedEncoding(named: string, marked: TextEncoding | null): TextEncoding {
  const label = named.trim().toLowerCase().replaceAll('_', '-');
  if (label === 'utf-16' && marked?.name.startsWith('utf-16')) return marked;
  const name = decoderName(label === 'utf-8-bom' ? 'utf-8' : label);
  if (name === null) {
    const known = 'Known are utf-8, gb18030, utf-16le, utf-16be, and those of the WHATWG Encoding standard.';
    throw new SheetError('encoding_invalid', `There is no encoding ${JSON.stringify(named.slice(0, 40))}.`, known);
  }
  if (marked === null || marked.name === name) return { name, mark: marked?.mark ?? 0 };
  const detail = `The file begins with the mark of ${marked.name}, and ${name} was named.`;
  throw new SheetError('encoding_invalid', detail, `Name no encoding, or ${marked.name}.`);
}

function decoderName(label: string): string | null {
  try {
    const name = new TextDecoder(label, { fatal: true }).encoding;
    return name === 'gbk' ? 'gb18030' : name; // which holds it
  } catch {
    return null;
  }
}

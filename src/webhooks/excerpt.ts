import { TextDecoder } from 'node:util';
import { maskText } from '../domain/masking.ts';

const EXCERPT_BYTES = 2_048;
const WINDOW_BYTES = 8_192; // of the answer that is looked at: markup shrinks
const TAIL_CHARS = 200; // longer than a phone with what stands between its digits, or an e-mail address
const UNREADABLE_MOST = 0.1; // of the characters; more is no text
const UTF8 = new TextDecoder();
/** What most receivers answer: one line of ASCII with too few digits for a phone, and no `@`. It is told as it is, in 1 µs instead of 6. */
const PLAIN = /^(?! )[ -/:-?A-~]*(?:[0-9][ -/:-?A-~]*){0,6}$/;

/** Whether a body is all that the receiver sent, or only its beginning. */
export type Extent = 'whole' | 'beginning';

/**
 * The beginning of an answer for people: at most 2 kB of UTF-8, in one line, without control characters, phones and e-mail
 * addresses masked. Null when there is nothing in it; only kind and size of what is no text.
 */
export function excerptOf(body: Buffer, contentType: string | null, extent: Extent): string | null {
  if (body.length === 0) return null;
  const text = readText(body.subarray(0, WINDOW_BYTES), contentType);
  if (body.length <= EXCERPT_BYTES && extent === 'whole' && PLAIN.test(text)) return text;
  if (isBinary(text)) return cut(maskText(`[${sizeOf(body, extent)} bytes, ${oneLine(contentType ?? 'no text')}]`));
  // What is cut off may be the end of a phone, whose beginning would then be none.
  const cutOff = extent === 'beginning' || body.length > WINDOW_BYTES;
  const line = oneLine(cutOff ? withoutTail(text) : text);
  return line === '' ? null : cut(maskText(line));
}

/** The text of an answer, by the character set that it names, else UTF-8; what cannot be read becomes U+FFFD. */
export function readText(body: Buffer, contentType: string | null): string {
  return decoderOf(contentType).decode(body);
}

function decoderOf(contentType: string | null): TextDecoder {
  const charset = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(contentType ?? '')?.[1];
  if (charset === undefined || /^utf-?8$/i.test(charset)) return UTF8;
  try {
    return new TextDecoder(charset);
  } catch {
    return UTF8; // a name that nobody knows
  }
}

function isBinary(text: string): boolean {
  const unreadable = text.match(/[\p{Cc}\ufffd]/gu)?.filter((char) => !/[\t\n\r]/.test(char)) ?? [];
  return text.includes('\0') || unreadable.length > 1 + text.length * UNREADABLE_MOST;
}

function sizeOf({ length }: Buffer, extent: Extent): string {
  return extent === 'whole' ? String(length) : `${length} or more`;
}

/** Zero-width and direction marks vanish, so that a phone with them inside is one; all else that cannot be seen is a blank. */
function oneLine(text: string): string {
  return text
    .replace(/\p{Cf}+|\ufffd{1,3}$/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** Without the last word, and without digits and what may stand between them before it. */
function withoutTail(text: string): string {
  const tail = text.slice(-TAIL_CHARS).replace(/[\w.%+@-]+\ufffd*$/, '');
  return text.slice(0, -TAIL_CHARS) + tail.replace(/[0-9０-９\s\p{Pd}._()（）/·+＋\ufffd]+$/u, '');
}

function cut(text: string): string {
  if (text.length * 3 <= EXCERPT_BYTES) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= EXCERPT_BYTES) return text;
  let end = EXCERPT_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1; // inside a character
  return bytes.toString('utf8', 0, end);
}

const DIGITS = /\d+/y;
const SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null/y;
const UNICODE = /[\dA-Fa-f]{4}/y;

interface Reader {
  readonly text: string;
  at: number;
}

/** Where text stops being JSON: the first character that cannot stand there, or the length where more is needed; null: it is JSON. */
export function jsonErrorPosition(text: string): number | null {
  const reader: Reader = { text, at: 0 };
  skip(reader, SPACE);
  if (!readValue(reader)) return reader.at;
  return reader.at < text.length ? reader.at : null;
}

/** Reads a value and the space behind it; false leaves `at` on the fault. Nested no deeper than the scan before allowed. */
function readValue(reader: Reader): boolean {
  const read = readerOf(reader.text[reader.at]);
  if (!read(reader)) return false;
  skip(reader, SPACE);
  return true;
}

function readerOf(first: string | undefined): (reader: Reader) => boolean {
  if (first === '"') return readString;
  if (first === '{') return (reader) => readContainer(reader, '}', readMember);
  if (first === '[') return (reader) => readContainer(reader, ']', readValue);
  if (first === '-' || (first !== undefined && first >= '0' && first <= '9')) return readNumber;
  return (reader) => skip(reader, LITERAL);
}

function readContainer(reader: Reader, close: string, readItem: (reader: Reader) => boolean): boolean {
  reader.at++;
  skip(reader, SPACE);
  if (eat(reader, close)) return true;
  for (;;) {
    if (!readItem(reader)) return false;
    if (eat(reader, close)) return true;
    if (!eat(reader, ',')) return false;
    skip(reader, SPACE);
  }
}

function readMember(reader: Reader): boolean {
  if (reader.text[reader.at] !== '"' || !readString(reader)) return false;
  skip(reader, SPACE);
  if (!eat(reader, ':')) return false;
  skip(reader, SPACE);
  return readValue(reader);
}

function readString(reader: Reader): boolean {
  const { text } = reader;
  for (reader.at++; reader.at < text.length; reader.at++) {
    const code = text.charCodeAt(reader.at);
    if (code === 0x22) {
      reader.at++;
      return true;
    }
    if (code < 0x20) return false;
    if (code === 0x5c) {
      const length = escapeLength(text, reader.at);
      if (length === 0) return false;
      reader.at += length - 1;
    }
  }
  return false;
}

/** Characters of an escape; 0: it is none. */
function escapeLength(text: string, at: number): number {
  const kind = text[at + 1];
  if (kind === undefined) return 0;
  if ('"\\/bfnrt'.includes(kind)) return 2;
  UNICODE.lastIndex = at + 2;
  return kind === 'u' && UNICODE.test(text) ? 6 : 0;
}

function readNumber(reader: Reader): boolean {
  eat(reader, '-');
  if (!eat(reader, '0') && !skip(reader, DIGITS)) return false;
  if (eat(reader, '.') && !skip(reader, DIGITS)) return false;
  if (!eat(reader, 'e') && !eat(reader, 'E')) return true;
  if (!eat(reader, '+')) eat(reader, '-');
  return skip(reader, DIGITS);
}

function eat(reader: Reader, character: string): boolean {
  if (reader.text[reader.at] !== character) return false;
  reader.at++;
  return true;
}

function skip(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at;
  if (!pattern.test(reader.text)) return false;
  reader.at = pattern.lastIndex;
  return true;
}

/** What one pass over the bytes of a JSON text says before it is parsed. */
export interface JsonScan {
  readonly depth: number; // deepest nesting
  readonly members: number; // keys, over all objects
  readonly values: number; // members and elements, an empty container counting as one
  readonly longNumber: boolean; // a number of 16 characters or with an exponent: a double may not hold all its digits
  readonly escapes: boolean; // a \u escape: the only way to a NUL or a lone surrogate
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LOWER_U = 0x75;
const COLON = 0x3a;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LONG_NUMBER = 16; // 15 significant digits survive a double, and a dot may be among the characters

/** Scans JSON text as UTF-8, about 1 ns a byte; of text that is no JSON it says nothing useful and never throws. */
export function scanJson(bytes: Uint8Array): JsonScan {
  let level = 0;
  let depth = 0;
  let members = 0;
  let values = 0;
  let longNumber = false;
  let escapes = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) {
        if (bytes[i] === BACKSLASH && bytes[++i] === LOWER_U) escapes = true;
      }
    } else if (byte === COLON) members++;
    else if (byte === COMMA) values++;
    else if (byte === 0x7b || byte === 0x5b) {
      values++;
      if (++level > depth) depth = level;
    } else if (byte === 0x7d || byte === 0x5d) level--;
    else if (byte === MINUS || isDigit(byte)) {
      const start = i;
      while (isNumberByte(bytes[i + 1] ?? 0)) i++;
      if (i - start >= LONG_NUMBER - 1 || isExponent(bytes[i + 1] ?? 0)) longNumber = true;
    }
  }
  return { depth, members, values, longNumber, escapes };
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function isNumberByte(byte: number): boolean {
  return isDigit(byte) || byte === DOT;
}

function isExponent(byte: number): boolean {
  return byte === 0x65 || byte === 0x45;
}

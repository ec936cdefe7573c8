/** Bytes as text without a byte order mark; null when the charset is unknown or the bytes are not valid in it. */
export function textIn(bytes: Uint8Array, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Whether a charset is one that can be read: those of the WHATWG Encoding standard, GBK and GB18030 among them. */
export function isCharset(charset: string): boolean {
  try {
    return new TextDecoder(charset).encoding !== '';
  } catch {
    return false;
  }
}

import { textIn } from './charset.ts';

/** UTF-8 text with every UTF-16 unit beyond ASCII as \uXXXX in lower case; null when that changes nothing, or it is no UTF-8. */
export function escapedBody(body: Uint8Array): Uint8Array | null {
  const text = textIn(body, 'utf-8');
  if (text === null) return null;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII begins with NUL
  const escaped = text.replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return escaped === text ? null : Buffer.from(escaped);
}

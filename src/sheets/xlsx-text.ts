/** A text of a workbook with its escapes undone: _x000D_ is a carriage return; NULs are left out, line ends are \n. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, unescapeCharacter).replace(/\r\n?/g, '\n');
}

function unescapeCharacter(written: string, hex: string): string {
  const code = Number.parseInt(hex, 16);
  if (code === 0) return '';
  // Halves of a character would be no text: they stay as written.
  return code >= 0xd800 && code <= 0xdfff ? written : String.fromCharCode(code);
}

/** The text of a cell as it was before it was made safe for spreadsheets: NULs go, and so does the `'` that keeps a spreadsheet from reading a formula; all else stays. */
export function unescaped(raw: string): string {
  const text = raw.includes('\0') ? raw.replaceAll('\0', '') : raw;
  return ESCAPED.test(text) ? text.slice(1) : text;
}

// What begins with several lost one of them already: formulaSafe puts one before them too, so that nothing is lost.
const ESCAPED = /^'+[=+\-@\t\r]/;

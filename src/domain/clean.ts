// Control and format characters (zero-width, bidirectional marks, byte order mark) but tab and line breaks: invisible in a
// form, different to a machine.
const INVISIBLE = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;
// Most texts are plain: this test is cheaper than a replacement.
const PLAIN = /^[\t\n\r\x20-\x7e\u4e00-\u9fff]*$/;

/** A text without invisible characters and outer space, or undefined when nothing is left: a blank never counts as a value. */
export function cleanText(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const clean = (PLAIN.test(text) ? text : text.replace(INVISIBLE, '')).trim();
  return clean === '' ? undefined : clean;
}

/** A group of fields with its texts cleaned and blanks left out; undefined when nothing is left. */
export function cleanGroup<T extends object>(group: T | undefined): T | undefined {
  if (group === undefined) return undefined;
  const clean: Record<string, unknown> = {};
  let count = 0;
  for (const [name, value] of Object.entries(group)) {
    const kept = cleanValue(value);
    if (kept === undefined) continue;
    clean[name] = kept;
    count += 1;
  }
  return count === 0 ? undefined : (clean as T);
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) {
    const items = value.map(cleanValue).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (value !== null && typeof value === 'object') return cleanGroup(value);
  return value === null ? undefined : value;
}

const ANY_SURROGATE = /[\ud800-\udfff]/; // a cheaper question, and most texts have none
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** A text as a database takes it: without NUL, and half of a surrogate pair as U+FFFD. */
export function storable(text: string): string {
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return ANY_SURROGATE.test(clean) ? clean.replace(LONE_SURROGATE, '\ufffd') : clean;
}

/** At most so many UTF-16 units of a text, never half of a pair. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const code = text.charCodeAt(most - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? most - 1 : most);
}

const INVISIBLE = /[\p{Cf}\p{Cc}\p{Variation_Selector}]/gu; // zero width, direction marks, byte order mark, line breaks
const DROPPED = /[\s_\-*:'"`“”‘’「」『』]/gu;
const NUMBERING = /^\d{1,2}[.、)](?=\D)/; // 1. 姓名
const END = /[?!。.,，;；、]$/;
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '】': '【', '}': '{', '〕': '〔' };
const OPENING = new Map(Object.entries(PAIRS).map(([close, open]) => [open, close]));
const PLAIN = /^[\w\u4e00-\u9fff]*$/; // most headers: nothing to fold, and no marks but underscores
const MOST = 200; // of a question that is longer only the beginning is compared

/**
 * A header or question as it is compared: folded (NFKC), in lower case, without marks, numbering, inner spaces and bracketed
 * notes such as （必填）, [11位]; '' where nothing is left. Never throws; linear in the text.
 */
export function cleanHeader(text: string): string {
  if (text.length <= MOST && PLAIN.test(text)) return text.replaceAll('_', '').toLowerCase();
  const folded = text.slice(0, MOST).normalize('NFKC').replace(INVISIBLE, '').replace(DROPPED, '').toLowerCase();
  return withoutEnd(withoutNotes(withoutEnd(folded.replace(NUMBERING, ''))));
}

function withoutEnd(text: string): string {
  let clean = text;
  while (END.test(clean)) clean = clean.slice(0, -1);
  return clean;
}

/** Brackets before and behind are notes; a header that is nothing but brackets is what stands in them. */
function withoutNotes(text: string): string {
  let clean = text;
  for (;;) {
    const shorter = withoutLeading(withoutTrailing(clean));
    if (shorter === clean) return clean;
    if (shorter === '') return clean.slice(1, -1);
    clean = shorter;
  }
}

function withoutTrailing(text: string): string {
  const open = PAIRS[text.at(-1) ?? ''];
  const at = open === undefined ? -1 : text.lastIndexOf(open);
  return at < 0 ? text : text.slice(0, at);
}

function withoutLeading(text: string): string {
  const close = OPENING.get(text.charAt(0));
  const at = close === undefined ? -1 : text.indexOf(close);
  return at < 0 ? text : text.slice(at + 1);
}

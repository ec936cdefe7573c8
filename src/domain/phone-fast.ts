const ZERO = 48;
const NINE = 57;
const ONE = 49;
const SPACE = 32;
const HYPHEN = 45;
const PLUS = 43;
/** `+86 138 0013 8000` with a separator between any two digits has 26 characters. */
const LONGEST = 26;

/**
 * The eleven national digits of a plain mainland mobile (13800138000, +86 or 86 or 0086 before it, single blanks or
 * hyphens between digits), or undefined for whatever the full rules must read. It never answers otherwise than they do.
 */
export function readPlainMobile(typed: string, region: string): string | undefined {
  const length = typed.length;
  if (length < 11 || length > LONGEST) return undefined;
  const plus = typed.charCodeAt(0) === PLUS;
  if (!plus && region !== 'CN') return undefined;
  const digits = digitsOf(typed, plus ? 1 : 0);
  if (digits === undefined) return undefined;
  const national = nationalOf(digits, plus);
  if (national === undefined || national.charCodeAt(0) !== ONE) return undefined;
  return national.charCodeAt(1) >= ZERO + 3 ? national : undefined;
}

function digitsOf(typed: string, start: number): string | undefined {
  let digits = '';
  let from = start;
  for (let at = start; at < typed.length; at += 1) {
    const code = typed.charCodeAt(at);
    if (code >= ZERO && code <= NINE) continue;
    // A separator stands between two digits, or the full rules look at it.
    if ((code !== SPACE && code !== HYPHEN) || at === from || at === typed.length - 1) return undefined;
    digits += typed.slice(from, at);
    from = at + 1;
  }
  return from === 0 ? typed : digits + typed.slice(from);
}

function nationalOf(digits: string, plus: boolean): string | undefined {
  switch (digits.length) {
    case 11:
      return plus ? undefined : digits;
    case 13:
      return digits.startsWith('86') ? digits.slice(2) : undefined;
    case 15:
      return !plus && digits.startsWith('0086') ? digits.slice(4) : undefined;
    default:
      return undefined;
  }
}

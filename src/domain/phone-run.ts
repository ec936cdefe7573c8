import type { PhoneReading } from './phone-mainland.ts';
import { readNumber } from './phone-number.ts';

/** One part of a cell: a number, or digits that were refused and how many there were. */
export type PhonePart = PhoneReading & { readonly digits: number };

/** A complete mainland mobile in one piece, brackets and hyphens removed; nothing of it can be hidden or missing. */
const COMPLETE_MOBILE = /^(?:\+?86|0086)?0?1[3-9]\d{9}$/;
/** A number is written in at most so many groups, and a run holds at most so many; more is no phone cell. */
const MOST_GROUPS_OF_A_NUMBER = 7;
const MOST_GROUPS_OF_A_RUN = 16;
/** Fewer digits are no number that was refused, they are a remark, an extension or a slip. */
export const FEWEST_OF_A_NUMBER = 7;

/** Reads a run of digits, separators and masks (`*`, `?`, `_`) that no letter or hard separator interrupts. */
export function readRun(run: string, region: string): readonly PhonePart[] {
  const text = run.replace(/[-_. (]+$/, (tail) => (/_|[-.]{2}/.test(tail) ? '*' : ''));
  if (/[*?_]|\d[-.]{3,}\d/.test(text)) return readMasked(text, region);
  const plain = dropSpreadsheetZero(text);
  if (plain === undefined) return [refusedPart('phone_invalid', text)];
  const whole = readNumber(plain, region);
  if (whole.kind === 'number' || whole.code !== 'phone_invalid') return [part(whole, plain)];
  return readGroups(plain, region);
}

/** `13800138000.0` loses its fraction; undefined when the fraction of a decimal number is not zero. */
function dropSpreadsheetZero(text: string): string | undefined {
  const [integer = '', fraction, more] = text.split('.', 3);
  const decimal =
    fraction !== undefined && more === undefined && integer.replace(/\D/g, '').length >= FEWEST_OF_A_NUMBER;
  if (decimal && /^0+$/.test(fraction)) return integer;
  if (decimal && fraction.length < 3) return undefined;
  return text.replace(/\.0$/, '');
}

/** Proof against loss is only a complete mainland mobile: beside the mask, around `_`, or with one star at its edge. */
function readMasked(text: string, region: string): readonly PhonePart[] {
  const found: PhonePart[] = [];
  for (const token of [text, ...text.split(' ')]) {
    const digits = token.replace(/^[*?]|[*?]$/g, '').replace(/[ ()._-]/g, '');
    if (!COMPLETE_MOBILE.test(digits)) continue;
    const reading = readNumber(digits, region);
    if (reading.kind !== 'number') continue;
    if (token === text) return [part(reading, digits)];
    found.push(part(reading, digits));
  }
  return [...found, refusedPart('phone_masked', text)];
}

/** Several numbers with only blanks or hyphens between them, or a landline and its extension. */
function readGroups(text: string, region: string): readonly PhonePart[] {
  const groups = text.match(/\d+/g) ?? [];
  if (groups.length < 2 || groups.length > MOST_GROUPS_OF_A_RUN) return [refusedPart('phone_invalid', text)];
  const pieces = cutPieces(groups, region, /^[( ]*\+/.test(text) ? '+' : '');
  const parts: PhonePart[] = [];
  let strayBefore = false;
  for (let i = 0; i < pieces.length; i += 1) {
    const piece = pieces[i];
    if (piece?.reading === undefined) {
      strayBefore = strayOf(piece) !== undefined;
      parts.push(refusedPart('phone_invalid', piece?.digits ?? ''));
      continue;
    }
    const after = strayOf(pieces[i + 1]);
    const mayGoOn = strayBefore && piece.groups > 1;
    parts.push(mayGoOn ? refusedPart('phone_invalid', piece.digits) : settle(piece.reading, piece.digits, after));
    strayBefore = false;
    if (after !== undefined) i += 1; // taken with the number
  }
  return parts;
}

/** Neighbouring groups that make a number, or one group that does not. */
type Piece = { readonly digits: string; readonly groups: number; readonly reading: PhoneReading | undefined };

/** From the left, the longest number that begins at each group. */
function cutPieces(groups: readonly string[], region: string, plus: string): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < groups.length; ) {
    const piece = longestNumber(groups, from, region, from === 0 ? plus : '');
    pieces.push(piece);
    from += piece.groups;
  }
  return pieces;
}

function longestNumber(groups: readonly string[], from: number, region: string, plus: string): Piece {
  const single = groups[from] ?? '';
  for (let taken = Math.min(MOST_GROUPS_OF_A_NUMBER, groups.length - from); taken > 0; taken -= 1) {
    const taking = groups.slice(from, from + taken);
    const digits = taking.join('');
    if (digits.length < FEWEST_OF_A_NUMBER) break;
    const reading = readNumber(plus + taking.join('-'), region);
    if (reading.kind === 'number' || (taken === 1 && reading.code !== 'phone_invalid')) {
      return { digits, groups: taken, reading };
    }
  }
  return { digits: single, groups: 1, reading: undefined };
}

/** The digits of a piece too short to be a number; one that can be dialled (101, 120) is here an extension or a slip. */
function strayOf(piece: Piece | undefined): string | undefined {
  if (piece === undefined || piece.reading !== undefined) return undefined;
  return piece.digits.length < FEWEST_OF_A_NUMBER ? piece.digits : undefined;
}

/**
 * A short group behind a number: the extension of a landline; behind a mobile it is a relay number's (17012345678-1234)
 * or a digit too many. A short group before a number written in groups may be part of it. Neither is guessed.
 */
function settle(reading: PhoneReading, digits: string, after: string | undefined): PhonePart {
  if (reading.kind === 'refused') return part(reading, digits);
  if (after === undefined) return part(reading, digits);
  if (reading.phoneKind === 'other') return refusedPart('phone_invalid', digits);
  if (reading.phoneKind === 'mobile' && after.length < 3) return refusedPart('phone_invalid', digits);
  return extend(part(reading, digits), after);
}

/** The part with an extension: a landline takes it into its key, a mobile with one is a privacy relay number. */
export function extend(base: PhonePart, extension: string): PhonePart {
  if (base.kind === 'refused') return base;
  if (base.phoneKind === 'mobile') return { kind: 'refused', code: 'phone_relay', digits: base.digits };
  // `010-62345678-1转2`: which of the two is meant is not known.
  if (base.e164.includes(';')) return { kind: 'refused', code: 'phone_invalid', digits: base.digits };
  return { ...base, e164: `${base.e164};ext=${extension}` };
}

export function refusedPart(
  code: 'phone_invalid' | 'phone_masked' | 'phone_scientific_notation',
  text: string,
): PhonePart {
  return { kind: 'refused', code, digits: text.replace(/\D/g, '').length };
}

function part(reading: PhoneReading, text: string): PhonePart {
  return { ...reading, digits: text.replace(/\D/g, '').length };
}

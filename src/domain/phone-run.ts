import type { PhoneReading } from './phone-mainland.ts';
import { readNumber } from './phone-number.ts';

/** One part of a cell: a number, or digits that were refused and how many there were. */
export type PhonePart = PhoneReading & { readonly digits: number };

/** A complete mainland mobile in one piece, brackets and hyphens removed; nothing of it can be hidden or missing. */
const COMPLETE_MOBILE = /^(?:\+?86|0086)?0?1[3-9]\d{9}$/;
const GAP = /[ .()_-]+/;
/** A number is written in at most so many groups, and a run holds at most so many; more is no phone cell. */
const MOST_GROUPS_OF_A_NUMBER = 7;
const MOST_GROUPS_OF_A_RUN = 24;
/** Fewer digits are no number that was refused, they are a remark, an extension or a slip. */
export const FEWEST_OF_A_NUMBER = 7;

/** Reads a run of digits, separators and mask stars (`*`, `?`) that no letter or hard separator interrupts. */
export function readRun(run: string, region: string): readonly PhonePart[] {
  const text = run.replace(/[-_. (]+$/, (tail) => (/[-_.]{2}/.test(tail) ? '*' : ''));
  if (/[*?]|_{2}|\d[-.]{3,}\d/.test(text)) return readMasked(text, region);
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

/** Only a complete mainland mobile beside the mask, or with a single star at its edge, is proof against loss. */
function readMasked(text: string, region: string): readonly PhonePart[] {
  const found: PhonePart[] = [];
  for (const token of [text, ...text.split(' ')]) {
    const digits = token.replace(/^[*?]|[*?]$/g, '').replace(/[ ().-]/g, '');
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
  const plus = /^[( ]*\+/.test(text) ? '+' : '';
  const groups = text
    .split(GAP)
    .map((group) => group.replace('+', ''))
    .filter((group) => group !== '');
  if (groups.length < 2 || groups.length > MOST_GROUPS_OF_A_RUN) return [refusedPart('phone_invalid', text)];
  const parts: PhonePart[] = [];
  let strayBefore = false;
  for (let i = 0; i < groups.length; ) {
    const [reading, taken] = longestNumber(groups, i, region, i === 0 ? plus : '');
    if (reading === undefined) {
      const stray = groups[i] ?? '';
      strayBefore = stray.length < FEWEST_OF_A_NUMBER;
      parts.push(refusedPart('phone_invalid', stray));
      i += 1;
      continue;
    }
    const joined = groups.slice(i, i + taken).join('');
    i += taken;
    const next = groups[i];
    const strayAfter =
      next !== undefined && next.length < FEWEST_OF_A_NUMBER && longestNumber(groups, i, region, '')[1] === 0;
    parts.push(settle(reading, joined, taken > 1 && strayBefore, strayAfter ? next : undefined));
    if (strayAfter) i += 1;
    strayBefore = false;
  }
  return parts;
}

function longestNumber(
  groups: readonly string[],
  from: number,
  region: string,
  plus: string,
): readonly [reading: PhoneReading | undefined, taken: number] {
  for (let taken = Math.min(MOST_GROUPS_OF_A_NUMBER, groups.length - from); taken > 0; taken -= 1) {
    const reading = readNumber(plus + groups.slice(from, from + taken).join('-'), region);
    if (reading.kind === 'number') return [reading, taken];
    // A short group that can be dialled (101, 120) is here an extension or a slip.
    const alone = taken === 1 && (groups[from]?.length ?? 0) >= FEWEST_OF_A_NUMBER;
    if (alone && reading.code !== 'phone_invalid') return [reading, taken];
  }
  return [undefined, 0];
}

/**
 * A short group behind a number: the extension of a landline; behind a mobile it is a relay number's (17012345678-1234)
 * or a digit too many. A short group before a number written in groups may be part of it. Neither is guessed.
 */
function settle(reading: PhoneReading, digits: string, strayBefore: boolean, after: string | undefined): PhonePart {
  if (reading.kind === 'refused') return part(reading, digits);
  if (strayBefore) return refusedPart('phone_invalid', digits);
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

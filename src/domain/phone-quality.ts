import type { PhoneQuality } from './phone-verdict.ts';

/** Heads of the virtual operators: real people's numbers, over-represented in spam. */
const VIRTUAL = '162 165 167 170 171';
/** 11-digit data cards: SMS, and voice on some of them. */
const DATA_CARD = '145 147 149';
/** Heads that no carrier was known to hold in 2022; 161 and 174 are held in part, see below. */
const UNASSIGNED = '140 141 142 143 144 146 148 154 160 161 163 164 168 169 174 179 194';

const BY_HEAD: ReadonlyMap<string, PhoneQuality> = new Map<string, PhoneQuality>([
  ...VIRTUAL.split(' ').map((head) => [head, 'virtual'] as const),
  ...DATA_CARD.split(' ').map((head) => [head, 'data_card'] as const),
  ...UNASSIGNED.split(' ').map((head) => [head, 'unknown_head'] as const),
]);

/** The held parts: 1610, 17400–17405 (telecom), 17406–17412 (emergency), 1749 (satellite). */
const HELD_PART = /^1(?:610|740|741[0-2]|749)/;

/**
 * The quality of a valid E.164 number; a number of the mainland is graded by its head at issue, since porting made the
 * carrier of a head unknowable.
 */
export function phoneQuality(e164: string): PhoneQuality {
  const mainlandMobile = e164.charCodeAt(3) === 49 && e164.startsWith('+861');
  if (mainlandMobile && e164.length === 16) return 'iot';
  if (endsInOneDigit(e164)) return 'repeated_digits';
  if (!mainlandMobile || e164.length !== 14) return 'known';
  const quality = BY_HEAD.get(e164.slice(3, 6)) ?? 'known';
  return quality === 'unknown_head' && HELD_PART.test(e164.slice(3, 8)) ? 'known' : quality;
}

/** Eight equal digits at the end (13888888888): a costly vanity number, or somebody leaning on a key. */
function endsInOneDigit(e164: string): boolean {
  const end = e164.indexOf(';') === -1 ? e164.length : e164.indexOf(';');
  const last = e164.charCodeAt(end - 1);
  for (let i = end - 8; i < end - 1; i += 1) if (e164.charCodeAt(i) !== last) return false;
  return true;
}

import { readNumber } from './phone-number.ts';

/** A mobile that was readable only after a repair, and which one; nothing is repaired into any other kind of number. */
export type RepairedPhone = {
  readonly e164: string;
  readonly warning: 'phone_lookalike_repaired' | 'phone_chinese_numerals_read';
};

/** 11 digits, with 0086 and separators between all of them at most 32 characters. */
const LOOKALIKE = /(?<![\da-zA-Z@_.*])[+\dlIoO][\dlIoO ()-]{9,31}(?![\da-zA-Z@_.*])/g;
const LETTER = /[lIoO]/;
const NUMERALS = '〇零洞一壹幺二贰两三叁四肆五伍六陆陸七柒拐八捌九玖勾';
const VALUES = '00011122233445566677788999';
const NUMERAL = new RegExp(`[${NUMERALS}]`, 'g');
const SPOKEN = new RegExp(`(?<![\\da-zA-Z@_.*])[+\\d${NUMERALS}][\\d${NUMERALS} ()-]{9,31}(?![\\da-zA-Z@_.*])`, 'g');
/** Letters alone (`loIoIooolol`) spell no number, nor does a word beside one (`1380013800 I`). */
const FEWEST_REAL_DIGITS = 3;
const WORD = /(?:^|[^\dlIoO])[lIoO]+(?:[^\dlIoO]|$)/;
const MOBILE = /^\+861[3-9]\d{9}$/;

/** Reads letters that look like digits (`l38OOl38OOO`) or Chinese numerals (`一三八…`, `幺`), when they make a mobile. */
export function repairPhone(text: string, region: string): RepairedPhone | undefined {
  for (const [found] of text.matchAll(LOOKALIKE)) {
    if (!LETTER.test(found) || WORD.test(found) || found.replace(/\D/g, '').length < FEWEST_REAL_DIGITS) continue;
    const e164 = mobileOf(found.replace(/[lI]/g, '1').replace(/[oO]/g, '0'), region);
    if (e164 !== undefined) return { e164, warning: 'phone_lookalike_repaired' };
  }
  for (const [found] of text.matchAll(SPOKEN)) {
    if (found.search(NUMERAL) === -1) continue;
    const e164 = mobileOf(
      found.replace(NUMERAL, (numeral) => VALUES[NUMERALS.indexOf(numeral)] ?? ''),
      region,
    );
    if (e164 !== undefined) return { e164, warning: 'phone_chinese_numerals_read' };
  }
  return undefined;
}

function mobileOf(text: string, region: string): string | undefined {
  const reading = readNumber(text, region);
  return reading.kind === 'number' && MOBILE.test(reading.e164) ? reading.e164 : undefined;
}

import parseByPlan from 'libphonenumber-js/max';
import type { PhoneKind, PhoneRefusal } from './phone-verdict.ts';

/** What one run of digits is in a numbering plan. */
export type PhoneReading =
  | { readonly kind: 'number'; readonly e164: string; readonly phoneKind: PhoneKind }
  | { readonly kind: 'refused'; readonly code: PhoneRefusal };

export const INVALID: PhoneReading = { kind: 'refused', code: 'phone_invalid' };
const RELAY: PhoneReading = { kind: 'refused', code: 'phone_relay' };
const NOT_PERSONAL: PhoneReading = { kind: 'refused', code: 'phone_not_personal' };

/** Every 1[3-9] head, also those that the library does not know: it lags behind what the carriers give out. */
const MOBILE = /^1[3-9]\d{9}$/;
/** 1410x, 1440x, 1441x, 146xx, 148xx and 8 digits: SIM cards of things. */
const IOT = /^14(?:10|4[01]|[68]\d)\d{9}$/;
/** Area code without its 0, and a subscriber: 8 digits in the two-digit areas, else 7 or 8, the first of them 2–8. */
const LANDLINE = /^(?:(?:10|2\d)[2-8]\d{7}|[3-9]\d\d[2-8]\d{6,7})$/;
const SERVICE = /^(?:[48]00\d{7}|95\d{3,11}|96\d{3,4}|1[0-2]\d{1,4})$/;
const ALL_SAME = /^(\d)\1+$/;
/** What is typed to get past a form is not a service, though some of these can be dialled. */
const KEYBOARD_RUN = /^(?:123|1234|12345|123456|(\d)\1+)$/;
/** 95013 and a tail is the privacy number of several platforms, whether they say so or not. */
const RELAY_HEAD = /^95013\d{3,}$/;

/** Reads the digits behind +86 or 0086, where a leading 0 of the area or before a mobile may have stayed. */
export function readMainlandAbroad(digits: string): PhoneReading {
  // A form that sets +86 itself receives 86138… and 0086138…; no mainland number is that long.
  const national = digits.replace(/^(?:00)?86(?=0?1[3-9]\d{9}$)/, '');
  return readSim(national) ?? readLandline(national) ?? readService(national) ?? INVALID;
}

/**
 * Reads digits dialled inside the mainland. An area code without its 0 is trusted with 11 digits, or where the typist set
 * it apart (`10-62345678`): ten bare digits are as well a mobile that lost one (130… without its 3 is Beijing).
 */
export function readMainlandLocal(groups: readonly string[]): PhoneReading {
  const digits = groups.join('');
  const sim = readSim(digits);
  if (sim !== undefined) return sim;
  if (digits.startsWith('86') && digits.length >= 12) {
    const rest = digits.slice(2);
    const behind = readSim(rest) ?? (rest.startsWith('0') ? readLandline(rest) : undefined);
    if (behind !== undefined) return behind;
    if (groups.length === 3 && groups[0] === '86' && isArea(groups[1])) return readLandline(rest) ?? INVALID;
  }
  const setApart = groups.length === 2 && isArea(groups[0]);
  const landline = digits.startsWith('0') || setApart ? readLandline(digits) : undefined;
  return landline ?? readService(digits) ?? (digits.length === 11 ? readLandline(digits) : undefined) ?? INVALID;
}

function isArea(group: string | undefined): boolean {
  return group !== undefined && /^(?:10|2\d|[3-9]\d\d)$/.test(group);
}

function readSim(digits: string): PhoneReading | undefined {
  const national = digits.length === 12 && digits.startsWith('0') ? digits.slice(1) : digits;
  if (!MOBILE.test(national) && !IOT.test(national)) return undefined;
  return { kind: 'number', e164: `+86${national}`, phoneKind: 'mobile' };
}

function readLandline(digits: string): PhoneReading | undefined {
  const national = digits.startsWith('0') ? digits.slice(1) : digits;
  if (!LANDLINE.test(national) || ALL_SAME.test(national)) return undefined;
  const e164 = `+86${national}`;
  // The plan knows which areas exist and how long their subscriber numbers are.
  if (parseByPlan(e164)?.getType() !== 'FIXED_LINE') return undefined;
  return { kind: 'number', e164, phoneKind: 'landline' };
}

function readService(digits: string): PhoneReading | undefined {
  const national = digits.startsWith('0') ? digits.slice(1) : digits;
  if (RELAY_HEAD.test(national)) return RELAY;
  return SERVICE.test(national) && !KEYBOARD_RUN.test(national) ? NOT_PERSONAL : undefined;
}

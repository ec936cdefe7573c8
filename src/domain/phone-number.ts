import parseByPlan, { type CountryCode, isSupportedCountry, type NumberType } from 'libphonenumber-js/max';
import { INVALID, type PhoneReading, readMainlandAbroad, readMainlandLocal } from './phone-mainland.ts';
import type { PhoneKind } from './phone-verdict.ts';

/** No number has more: 0086, a 0 and the 13 digits of an IoT card come to 18. */
const MOST_DIGITS = 18;
const FEWEST_DIGITS = 3;
const LONGEST_E164 = '+123456789012345'.length;

/**
 * Reads one number made of digits, separators, brackets and perhaps a leading +; region is ISO 3166 alpha-2 and says how
 * a number without country code is dialled. A number that is invalid there is not tried in another country.
 */
export function readNumber(text: string, region: string): PhoneReading {
  const groups = text.match(/\d+/g) ?? [];
  const digits = groups.join('');
  if (digits.length < FEWEST_DIGITS || digits.length > MOST_DIGITS) return INVALID;
  if (/^[( ]*\+/.test(text)) return readAbroad(digits.replace(/^00/, ''));
  if (region !== 'CN') return isSupportedCountry(region) ? readByPlan(digits, region) : INVALID;
  if (digits.startsWith('00')) return readAbroad(digits.slice(2));
  return readMainlandLocal(groups);
}

function readAbroad(digits: string): PhoneReading {
  if (digits.startsWith('86')) return readMainlandAbroad(digits.slice(2));
  return readByPlan(`+${digits}`, undefined);
}

function readByPlan(text: string, region: CountryCode | undefined): PhoneReading {
  const found = region === undefined ? parseByPlan(text) : parseByPlan(text, region);
  if (found === undefined) return INVALID;
  // Dialled out of the region by its own prefix (011 86 138…): the mainland's rule is wider than the plan's.
  if (found.countryCallingCode === '86') return readMainlandAbroad(found.number.slice(3));
  if (!found.isValid() || /^(\d)\1+$/.test(found.nationalNumber)) return INVALID;
  // Some plans (Germany's) allow more than the 15 digits of E.164.
  if (found.number.length > LONGEST_E164) return INVALID;
  const phoneKind = kindOf(found.getType());
  if (phoneKind === undefined) return { kind: 'refused', code: 'phone_not_personal' };
  return { kind: 'number', e164: found.number, phoneKind };
}

/** Undefined for numbers that no person owns; countries whose plan cannot tell mobile from landline give `other`. */
function kindOf(type: NumberType): PhoneKind | undefined {
  switch (type) {
    case 'MOBILE':
      return 'mobile';
    case 'FIXED_LINE':
      return 'landline';
    case 'FIXED_LINE_OR_MOBILE':
    case 'PERSONAL_NUMBER':
    case 'VOIP':
    case 'PAGER':
    case undefined:
      return 'other';
    case 'TOLL_FREE':
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
    case 'UAN':
    case 'VOICEMAIL':
      return undefined;
  }
}

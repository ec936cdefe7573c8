/** The two-digit country codes; +1 and +7 have one digit, all others three. */
const COUNTRY = /^\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3})/;
const E164 = /^(\+\d{7,15})(;ext=\d+)?$/;

/**
 * A phone number for those who may not read it: `138****8000`, a mainland landline `010-****5678`, any other
 * `+852 **** 5678`, with `-***` for an extension of whatever length. Four digits stay at the end, or fewer where a number
 * is so short that less than half of it would be hidden; what is no E.164 number is hidden whole.
 */
export function maskPhone(e164: string): string {
  const [, number, extension] = E164.exec(e164) ?? [];
  if (number === undefined) return '****';
  return maskNumber(number) + (extension === undefined ? '' : '-***');
}

function maskNumber(number: string): string {
  const mainland = number.startsWith('+86') ? number.slice(3) : '';
  if (/^1[3-9]/.test(mainland) && mainland.length >= 11) return `${mainland.slice(0, 3)}${hide(mainland.slice(3))}`;
  const [, area, subscriber] = /^(10|2\d|[3-9]\d\d)(\d{7,8})$/.exec(mainland) ?? [];
  if (area !== undefined && subscriber !== undefined) return `0${area}-${hide(subscriber)}`;
  const country = COUNTRY.exec(number)?.[0] ?? '+';
  const national = number.slice(country.length);
  const hidden = hide(national);
  return `${country} ${hidden.replace(/\d/, ' $&')}`;
}

/** At least half of the digits become stars, and at most the last four are left. */
function hide(digits: string): string {
  const shown = Math.min(4, Math.floor(digits.length / 2));
  return '*'.repeat(digits.length - shown) + digits.slice(digits.length - shown);
}

// What a spreadsheet's number holds for sure; beyond it digits were lost when it was typed.
const EXACT_DIGITS = 15;

/**
 * A number as a person writes it: 1.38001380E+10 is 13800138000 and 5.0 is 5. One of more than 15 digits stays as it is
 * stored, E and all, since its last digits are lost.
 */
export function plainNumber(written: string): string {
  const found = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/.exec(written);
  if (found === null) return written;
  const [, sign = '', whole = '', part = '', exponent] = found;
  if (exponent === undefined) return part === '' ? `${sign}${whole}` : `${sign}${whole}${fraction(part)}`;
  return shifted(sign === '-' ? '-' : '', whole, part.replace(/0+$/, ''), Number(exponent)) ?? written;
}

function shifted(sign: string, whole: string, part: string, exponent: number): string | null {
  const digits = (whole + part).replace(/^0+/, '');
  if (digits === '') return '0';
  const point = digits.length - part.length + exponent; // how many digits stand before the point
  if (digits.replace(/0+$/, '').length > EXACT_DIGITS || point > EXACT_DIGITS || point < -EXACT_DIGITS) return null;
  const padded = digits.padEnd(point, '0').padStart(digits.length + Math.max(0, 1 - point), '0');
  const places = Math.max(point, 1);
  return `${sign}${padded.slice(0, places)}${fraction(padded.slice(places))}`;
}

function fraction(part: string): string {
  const kept = part.replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

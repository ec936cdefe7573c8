/** An E-notation at a place of a text: its end, and the digits it stands for where none was lost. */
export type ScientificNumber = { readonly end: number; readonly digits: string | undefined };

const NOTATION = /(\d+)(?:\.(\d*))?[eE]([+-]?)(\d{1,3})(?![\da-zA-Z])/y;

/**
 * A spreadsheet's default formats write 3 or 6 significant digits (1.38E+10, 1.38001E+10), never 8; a program's shortest
 * form (1.3800138E10) drops trailing zeros only. So at least 8 digits must stand there and at most 3 zeros be restored.
 */
const LEAST_DIGITS = 8;
const MOST_ZEROS = 3;

/** Reads the E-notation that begins at `at`, or gives undefined where none does. */
export function readScientific(text: string, at: number): ScientificNumber | undefined {
  NOTATION.lastIndex = at;
  const found = NOTATION.exec(text);
  if (found === null) return undefined;
  const [whole, integer = '', fraction = '', sign, exponent] = found;
  const end = at + whole.length;
  const zeros = Number(exponent) - fraction.length;
  const mantissa = integer + fraction;
  // 1.3800100E+10: a written trailing zero shows a fixed number of decimals, hence rounding.
  const rounded = zeros > 0 && mantissa.endsWith('0');
  if (sign === '-' || mantissa.length < LEAST_DIGITS || zeros > MOST_ZEROS || rounded)
    return { end, digits: undefined };
  if (zeros >= 0) return { end, digits: mantissa + '0'.repeat(zeros) };
  const isWhole = /^0+$/.test(mantissa.slice(zeros));
  return { end, digits: isWhole ? mantissa.slice(0, zeros) : undefined };
}

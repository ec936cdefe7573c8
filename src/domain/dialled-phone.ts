import parseByPlan from 'libphonenumber-js/max';
import { parsePhone } from './phone.ts';

const MAINLAND_MOBILE = /^\+86(1[3-9]\d{9})$/;
const EXTENSION = /^(\+\d+);ext=(\d+)$/;

/**
 * A phone (E.164, an extension as `;ext=101`) as it is dialled within a region (ISO 3166 alpha-2): `13800138000`,
 * `01062345678`, an extension as `01062345678 ext 101`; E.164 where it is another country's. `parsePhone` with that region
 * reads it back as the same number.
 */
export function dialledPhone(e164: string, region: string): string {
  const mobile = region === 'CN' ? MAINLAND_MOBILE.exec(e164)?.[1] : undefined;
  if (mobile !== undefined) return isReadBack(mobile, region, e164) ? mobile : e164;
  const [, number = e164, extension] = EXTENSION.exec(e164) ?? [];
  const behind = extension === undefined ? '' : ` ext ${extension}`;
  const national = nationalOf(number, region);
  return (
    [`${national ?? number}${behind}`, `${number}${behind}`].find((text) => isReadBack(text, region, e164)) ?? e164
  );
}

/** With the region's own prefix, digits only; null for a number of another region. */
function nationalOf(e164: string, region: string): string | null {
  const parsed = parseByPlan(e164);
  if (parsed === undefined || !parsed.getPossibleCountries().some((country) => country === region)) return null;
  return parsed.formatNational().replace(/\D/g, '');
}

function isReadBack(text: string, region: string, e164: string): boolean {
  const verdict = parsePhone(text, region);
  return verdict.kind === 'phone' && verdict.e164 === e164 && verdict.others.length === 0;
}

import { readPlainMobile } from './phone-fast.ts';
import { parsePhoneFully } from './phone-full.ts';
import { phoneQuality } from './phone-quality.ts';
import type { PhoneKind, PhoneVerdict } from './phone-verdict.ts';

export type { PhoneKind, PhoneQuality, PhoneVerdict } from './phone-verdict.ts';

const NONE: readonly string[] = Object.freeze([]);

/**
 * Reads one phone cell as typed. `region` (ISO 3166 alpha-2) says how a number without country code is dialled;
 * `declared` is what the source says the number is. Never throws, and takes time linear in the length of the cell.
 */
export function parsePhone(typed: string, region: string, declared?: PhoneKind): PhoneVerdict {
  // Nearly every lead carries a plain mainland mobile: 0.4 µs here, 9 µs by the full rules.
  const national = declared === 'relay' ? undefined : readPlainMobile(typed, region);
  if (national === undefined || national.endsWith('00000000')) return parsePhoneFully(typed, region, declared);
  const e164 = `+86${national}`;
  return { kind: 'phone', e164, phoneKind: 'mobile', quality: phoneQuality(e164), others: NONE, warnings: NONE };
}

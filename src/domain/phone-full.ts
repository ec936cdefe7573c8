import { type PhoneCell, readCell } from './phone-cell.ts';
import { cleanPhoneText } from './phone-clean.ts';
import { isPhonePlaceholder } from './phone-placeholder.ts';
import { phoneQuality } from './phone-quality.ts';
import { repairPhone } from './phone-repair.ts';
import { FEWEST_OF_A_NUMBER, type PhonePart } from './phone-run.ts';
import {
  type PhoneKind,
  type PhoneRefusal,
  type PhoneVerdict,
  type PhoneWarning,
  refusePhone,
} from './phone-verdict.ts';
import { findWechat } from './phone-wechat.ts';

/** UTF-16 units. A longer cell is no phone cell and is refused unread: cut, it could yield a piece of a longer number. */
export const LONGEST_PHONE_CELL = 512;

type NumberPart = Extract<PhonePart, { kind: 'number' }>;

/** The refusal that says most about a cell without a key comes first. */
const TELLING: readonly PhoneRefusal[] = [
  'phone_scientific_notation',
  'phone_masked',
  'phone_relay',
  'phone_not_personal',
  'phone_invalid',
];

/** Reads one phone cell by all rules, without the short cut for plain mobiles; arguments as of `parsePhone`. */
export function parsePhoneFully(typed: string, region: string, declared?: PhoneKind): PhoneVerdict {
  const verdict = parseCell(typed, region, declared);
  // What the source calls a relay number names nobody, however well formed it is.
  const isRelay = declared === 'relay' && (verdict.kind === 'phone' || verdict.kind === 'refused');
  return isRelay ? refusePhone('phone_relay') : verdict;
}

function parseCell(typed: string, region: string, declared: PhoneKind | undefined): PhoneVerdict {
  if (typed.length > LONGEST_PHONE_CELL) return typed.trim() === '' ? { kind: 'empty' } : refusePhone('phone_invalid');
  const text = cleanPhoneText(typed);
  if (isPhonePlaceholder(text)) return { kind: 'empty' };
  if (/^(?=.*\*)[\p{P}\s]+$|^[xX]{3,}$/u.test(text)) return refusePhone('phone_masked');
  const cell = readCell(text, region);
  const numbers = cell.parts.filter((part): part is NumberPart => part.kind === 'number');
  const [first] = numbers;
  if (first !== undefined) {
    const others = new Set(numbers.map((number) => number.e164));
    others.delete(first.e164);
    return phone(first.e164, kindOf(first.phoneKind, declared), [...others], warningsOf(cell));
  }
  return withoutNumber(text, cell.parts, region);
}

function withoutNumber(text: string, parts: readonly PhonePart[], region: string): PhoneVerdict {
  const codes = new Set(parts.map((part) => (part.kind === 'refused' ? part.code : 'phone_invalid')));
  const code = TELLING.find((telling) => codes.has(telling)) ?? 'phone_invalid';
  if (code === 'phone_invalid') {
    const repaired = repairPhone(text, region);
    if (repaired !== undefined) return phone(repaired.e164, 'mobile', [], [repaired.warning]);
  }
  const wechat = findWechat(text);
  return wechat === undefined ? refusePhone(code) : { kind: 'other_identity', wechat };
}

/** The numbering plan outranks the source; the source tells where the plan cannot (+1 mobiles and landlines look alike). */
function kindOf(planned: PhoneKind, declared: PhoneKind | undefined): PhoneKind {
  return planned === 'other' && declared !== undefined ? declared : planned;
}

function warningsOf(cell: PhoneCell): readonly PhoneWarning[] {
  const warnings: PhoneWarning[] = [];
  if (cell.scientific) warnings.push('phone_scientific_read');
  if (cell.hasRemark) warnings.push('phone_remark');
  if (cell.parts.some((part) => part.kind === 'refused' && part.digits >= FEWEST_OF_A_NUMBER)) {
    warnings.push('phone_part_refused');
  }
  return warnings;
}

/**
 * 13800000000 and its like are suspect, not empty: the plan holds them, somebody may own one, and a lead read as empty
 * could never be released by sending the number again. The quality and this warning let rating and review see it.
 */
const SUSPECT = /^\+861[3-9]\d0{8}$/;

function phone(
  e164: string,
  phoneKind: PhoneKind,
  others: readonly string[],
  warnings: readonly PhoneWarning[],
): PhoneVerdict {
  const all: readonly PhoneWarning[] = SUSPECT.test(e164) ? ['phone_placeholder_suspect', ...warnings] : warnings;
  return { kind: 'phone', e164, phoneKind, quality: phoneQuality(e164), others, warnings: all };
}

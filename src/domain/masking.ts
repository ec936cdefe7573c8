import { maskPhone } from './mask.ts';

const DIGIT = '[0-9０-９]';
// What people put between the digits of a phone: at most three of it, which keeps the patterns linear.
const GAP = '[\\s\\p{Pd}._()（）/·]{0,3}';
// A date with dots or slashes, an IP address and an amount have as many digits as a phone and are none.
const dateAs = (mark: string): string => `(?:19|20)\\d\\d(?<${mark}>[./])\\d{1,2}\\k<${mark}>\\d{1,2}(?!\\d)`;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const NO_PHONE = [
  dateAs('ymd'),
  '\\d{1,2}(?<dmy>[./])\\d{1,2}\\k<dmy>(?:19|20)\\d\\d(?!\\d)',
  '(?<=(?:19|20)\\d\\d[./]\\d{1,2}[./])\\d{1,2}(?!\\d)',
  `${OCTET}(?:\\.${OCTET}){3}(?!\\.?\\d)`,
  '\\d{8,10}\\.\\d{1,3}(?!\\d)',
].join('|');
// A mainland mobile however it is spaced, with or without 86, 0086 or a stray 0; a longer run of digits is an id, not a phone.
const MOBILE = new RegExp(
  `(?<!${DIGIT})(?!${NO_PHONE})(?:(?:[+＋]|[0０]{2})?[8８][6６]${GAP}|[0０])?[1１]${GAP}[3-9３-９](?:${GAP}(?!${dateAs('later')})${DIGIT}){9}(?!${DIGIT})`,
  'gu',
);
const LANDLINE = new RegExp(`(?<!${DIGIT})[0０]${DIGIT}{2,3}${GAP}${DIGIT}{3,4}${GAP}${DIGIT}{4}(?!${DIGIT})`, 'gu');
const INTERNATIONAL = new RegExp(
  `[+＋]${DIGIT}(?:${GAP}(?!(?:19|20)\\d\\d[-./]\\d{1,2}[-./]\\d{1,2}(?!\\d))${DIGIT}){6,14}(?!${DIGIT})`,
  'gu',
);
// Begun only where no address can have begun before, so that a long run of such characters is read once.
const EMAIL = /(?<![\w.%+-])[\w.%+-]+(?:@[\w.%+-]+)+/g;

/** Free text with the phones and e-mail addresses in it masked. */
export function maskText(text: string): string {
  const masked = hasPhoneDigits(text) ? maskNumbers(text) : text;
  return masked.includes('@') ? masked.replace(EMAIL, maskEmail) : masked;
}

/** Whether a text has the seven digits of the shortest phone; the patterns need not look at any other. */
function hasPhoneDigits(text: string): boolean {
  let digits = 0;
  for (let at = 0; at < text.length && digits < 7; at += 1) {
    const code = text.charCodeAt(at);
    if ((code >= 0x30 && code <= 0x39) || (code >= 0xff10 && code <= 0xff19)) digits += 1; // 0-9, ０-９
  }
  return digits === 7;
}

function maskNumbers(text: string): string {
  return text
    .replace(MOBILE, (found) => maskPhone(`+86${digitsOf(found).slice(-11)}`))
    .replace(LANDLINE, (found) => maskPhone(`+86${digitsOf(found).slice(1)}`))
    .replace(INTERNATIONAL, (found) => maskPhone(`+${digitsOf(found)}`));
}

function digitsOf(found: string): string {
  return found.normalize('NFKC').replace(/\D/g, '');
}

/** An e-mail address for those who may not read it: `z***@example.com`. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@');
  return at < 1 ? '***' : `${email.slice(0, 1)}***${email.slice(at)}`;
}

/** A WeChat id or the like: two characters at either end at most, and at least half of it hidden. */
export function maskHandle(handle: string): string {
  const shown = Math.min(2, Math.floor(handle.length / 4));
  return `${handle.slice(0, shown)}****${handle.slice(handle.length - shown)}`;
}

/** What a platform or caller numbers things by may look like a phone and is none. */
const IS_ID = /(?:^|_)id$/;

/** Field groups with every text in them masked; ids stay, but for those under `extra`, where anything may stand. */
export function maskFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).map(([name, group]) => [name, maskValue(group, name !== 'extra')]));
}

function maskValue(value: unknown, idsStay: boolean): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'number' && Number.isInteger(value) && !idsStay) {
    const text = maskText(String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => maskValue(item, idsStay));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, idsStay && IS_ID.test(key) ? inner : maskValue(inner, idsStay)]),
  );
}

import { maskPhone } from '../domain/mask.ts';

const DIGIT = '[0-9０-９]';
// A mainland mobile however it is spaced, with or without 86, 0086 or a stray 0; a longer run of digits is an id, not a phone.
const MOBILE = new RegExp(`(?<!${DIGIT})(?:(?:[+＋]|00)?86[-\\s]?|0)?[1１](?:[-\\s]?${DIGIT}){10}(?!${DIGIT})`, 'g');
const LANDLINE = /(?<!\d)0\d{2,3}[-\s]?\d{7,8}(?!\d)/g;
const INTERNATIONAL = /\+\d{7,15}(?!\d)/g;
const EMAIL = /[\w.%+-]{1,64}@[\w.-]{1,255}/g;

/** Free text with the phones and e-mail addresses in it masked. */
export function maskText(text: string): string {
  return text
    .replace(MOBILE, maskMobile)
    .replace(LANDLINE, (found) => maskPhone(`+86${found.replace(/\D/g, '').slice(1)}`))
    .replace(INTERNATIONAL, maskPhone)
    .replace(EMAIL, maskEmail);
}

function maskMobile(found: string): string {
  const national = found.normalize('NFKC').replace(/\D/g, '').slice(-11);
  return /^1[3-9]/.test(national) ? maskPhone(`+86${national}`) : found;
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
  if (typeof value === 'number' && !idsStay) {
    const text = maskText(String(value));
    return text === String(value) ? value : text;
  }
  if (Array.isArray(value)) return value.map((item) => maskValue(item, idsStay));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, idsStay && IS_ID.test(key) ? inner : maskValue(inner, idsStay)]),
  );
}

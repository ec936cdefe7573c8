import { maskTyped } from '../domain/mask-typed.ts';
import { maskHandle, maskText } from '../domain/masking.ts';

const SECRET_NAME =
  /authori[sz]ation|cookie|secret|token|signature|(?:^|[-_])sign?$|passw|credential|(?:^|[-_])auth$|[-_]key$|apikey/i;
const PHONE_NAME = /phone|mobile|(?:^|[-_])tel(?:$|[-_])|手机|电话/i;
const HANDLE_NAME = /wechat|weixin|微信/i;
const FORM_TYPE = /^application\/x-www-form-urlencoded\b/i;
// A member of JSON whose value is text, however deep, also where the JSON stands as text in JSON. It begins where no backslash
// is before it, so that a long run of them is read once.
const MEMBER = /((?<!\\)\\*")((?:[^"\\]|\\[^"\\])*)(\\*"\s*:\s*\\*")((?:[^"\\]|\\(?!")[^"\\]?)*)/g;
const NUMBER_MEMBER = /"([^"\\]{1,64})(\\*"\s*:\s*)(\d{5,20})/g;
// Names and values that are bounded, so that each is read a few times at most: an element of XML, a part of a multipart form.
const ELEMENT = /(<([\w:.-]{1,64})(?:\s[^<>]{0,200})?>(?:<!\[CDATA\[)?)([^<\]]{1,4000})/g;
const PART = /(\bname="([^"\r\n]{1,200})"[^\r\n]{0,200}\r\n(?:[^\r\n]{1,200}\r\n){0,5}\r\n)([^\r\n]+)/g;
const LOOKS_LIKE_FORM = /^[\w.%~[\]+-]{1,200}=[^\s<>"{}]*$/; // as bodies are read by their looks where their type is wrong
const SHOWN = 4;

/** A secret value by which it can be compared and not used: its first four characters, and of a short one less than half. */
export function cutSecret(value: string): string {
  return `${value.slice(0, Math.min(SHOWN, Math.floor(value.length / 3)))}…`;
}

/** Headers without secrets and phones. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactValue(name, value)]));
}

/** A query without secrets and phones, read as a form is. */
export function redactQuery(query: string): string {
  return query
    .split('&')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      if (rest.length === 0) return maskText(pair);
      const value = rest.join('=');
      const [plainName, plain] = [decoded(name), decoded(value)];
      const shown = plainName === 'key' ? cutSecret(plain) : redactValue(plainName, plain);
      return `${maskText(plainName) === plainName ? name : maskText(plainName)}=${shown === plain ? value : shown}`;
    })
    .join('&');
}

/** The text of a body without the secrets that its members are named after, and without phones. */
export function redactBody(text: string, contentType: string): string {
  if (FORM_TYPE.test(contentType) || LOOKS_LIKE_FORM.test(text)) return redactQuery(text);
  const members = text.replace(MEMBER, (_all, open: string, name: string, middle: string, value: string) => {
    return `${open}${name}${middle}${redactValue(name, value)}`;
  });
  const numbers = members.replace(NUMBER_MEMBER, (all, name: string, middle: string, value: string) =>
    PHONE_NAME.test(name) ? `"${name}${middle}${maskTyped(value)}` : all,
  );
  const cutText = (_all: string, open: string, name: string, value: string) => `${open}${redactValue(name, value)}`;
  return maskText(numbers.replace(ELEMENT, cutText).replace(PART, cutText));
}

function redactValue(name: string, value: string): string {
  if (SECRET_NAME.test(name)) return cutSecret(value);
  if (PHONE_NAME.test(name)) return maskTyped(value);
  if (HANDLE_NAME.test(name)) return maskHandle(value);
  return maskText(value);
}

function decoded(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

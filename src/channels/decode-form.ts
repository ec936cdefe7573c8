import type { Decoded, DecodeLimits } from './channel.ts';
import { textIn } from './charset.ts';

const PLAIN = /^[\w.~ -]*$/;

/**
 * An urlencoded form as texts by name, in the order of first mention; a repeated name has the list of its values, and `a[b]` is a
 * name like any other; the charset is that of the bytes behind the percent signs.
 */
export function decodeForm(form: string | Uint8Array, limits: DecodeLimits, charset = 'utf-8'): Decoded {
  // One character a byte: in GBK the second byte of a character may be a letter that no browser escapes.
  const text = Buffer.from(form as Uint8Array).toString('latin1');
  const pairs = text.split('&').filter((pair) => pair !== '');
  if (pairs.length > limits.maxValues) return unreadable(`The form holds more than ${limits.maxValues} values.`);
  const fields = new Map<string, string | string[]>();
  for (const pair of pairs) {
    const equals = pair.indexOf('=');
    const name = component(equals === -1 ? pair : pair.slice(0, equals), charset);
    const value = component(equals === -1 ? '' : pair.slice(equals + 1), charset);
    if (name === null || value === null) return unreadable(`The form is not valid ${charset}.`);
    addField(fields, name, value);
  }
  return { kind: 'decoded', value: Object.fromEntries(fields) };
}

/** Adds a value to those of its name. */
export function addField(fields: Map<string, string | string[]>, name: string, value: string): void {
  const known = fields.get(name);
  if (known === undefined) fields.set(name, value);
  else if (typeof known === 'string') fields.set(name, [known, value]);
  else known.push(value);
}

function component(latin1: string, charset: string): string | null {
  // Most are plain, and a decoder of its own for each would cost 3 µs.
  if (PLAIN.test(latin1)) return latin1;
  const bytes = latin1
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return textIn(Buffer.from(bytes, 'latin1'), charset);
}

function unreadable(detail: string): Decoded {
  return { kind: 'unreadable', detail };
}

import type { Decoded, DecodeLimits, Push } from './channel.ts';
import { isCharset, textIn } from './charset.ts';
import { contentTypeOf } from './content-type.ts';
import { decodeForm } from './decode-form.ts';
import { decodeJson } from './decode-json.ts';
import { decodeMultipart } from './decode-multipart.ts';
import { decodeXml } from './decode-xml.ts';

export { decodeForm, decodeJson, decodeXml };

/**
 * The value that a push stands for, by its content type and, where that is missing or wrong, by its looks: JSON, form, multipart or
 * XML. Without a body it is the query, as a form. Never throws; only of a multipart form it is a promise.
 */
export function decodeBody(push: Push, limits: DecodeLimits): Decoded | Promise<Decoded> {
  const { body, headers, query } = push;
  if (body.length === 0) return query === '' ? unreadable('The body is empty.') : decodeForm(query, limits);
  const encoding = (headers['content-encoding'] ?? '').trim().toLowerCase();
  if (encoding !== '' && encoding !== 'identity') {
    return unreadable('The body is compressed: a Content-Encoding is not read.');
  }
  const { type, charset } = contentTypeOf(headers['content-type']);
  if (type === 'multipart/form-data') return decodeMultipart(body, headers['content-type'] ?? '', limits);
  if (charset !== null && !isCharset(charset))
    return unreadable('The charset of the Content-Type is not one that is read.');
  return decodeText(body, type, charset ?? 'utf-8', limits);
}

/** JSON in a text that is a member of a body, decoded; anything else, and a text that is no JSON object or list, as it is. */
export function decodeAgain(value: unknown, limits: DecodeLimits): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  const decoded = decodeJson(value, limits);
  return decoded.kind === 'decoded' ? decoded.value : value;
}

function decodeText(body: Uint8Array, type: string, charset: string, limits: DecodeLimits): Decoded {
  const text = textIn(body, charset);
  if (text === null)
    return unreadable('The body is not valid in its charset, which is UTF-8 unless its type says otherwise.');
  // Looks go before the type: senders of JSON that call it text/plain or a form are many, a form that begins with a brace is none.
  const first = /\S/.exec(text)?.[0];
  if (first === '{' || first === '[') return decodeJson(text, limits);
  if (first === '<') return decodeXml(text, limits);
  if (/^(?:application|text)\/(?:.+\+)?json$/.test(type)) return decodeJson(text, limits);
  if (type === 'application/x-www-form-urlencoded' || text.includes('=')) return decodeForm(body, limits, charset);
  return decodeJson(text, limits);
}

function unreadable(detail: string): Decoded {
  return { kind: 'unreadable', detail };
}

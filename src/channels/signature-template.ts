import type { Push } from './channel.ts';
import type { ReadPlace } from './signature-place.ts';
import type { Place, SignatureScheme } from './signature-scheme.ts';

/** The pieces of a string to sign, in order: text as UTF-8, or bytes. */
export type Pieces = readonly (string | Uint8Array)[];

const PLACE = /\{([^{}]*)\}/;

/** Fills a template for one secret and one form of the body; null when it names a place that is unknown or that the push lacks. */
export function fillTemplate(
  scheme: SignatureScheme,
  push: Push,
  read: ReadPlace,
  secret: string,
  body: Uint8Array,
): Pieces | null {
  const filled: (string | Uint8Array)[] = [];
  // With one group in the expression, split() puts the places at the odd positions.
  for (const [i, part] of scheme.template.split(PLACE).entries()) {
    if (i % 2 === 0) {
      filled.push(part);
      continue;
    }
    const pieces = pieceOf(part, scheme, push, read, secret, body);
    if (pieces === null) return null;
    filled.push(...pieces);
  }
  return filled;
}

function pieceOf(
  name: string,
  scheme: SignatureScheme,
  push: Push,
  read: ReadPlace,
  secret: string,
  body: Uint8Array,
): Pieces | null {
  const target = push.query === '' ? push.path : `${push.path}?${push.query}`;
  switch (name) {
    case 'body':
      return [body];
    case 'http_body':
      return body.length === 0 ? [] : ['&http_body=', body];
    case 'secret':
      return [secret];
    case 'path':
      return [push.path];
    case 'query':
      return [push.query];
    case 'target':
      return [target];
    case 'sorted_query':
      return [sortedQuery(scheme, push.query)];
    default: {
      const sorted = /^sorted:(.+)$/.exec(name)?.[1]?.split(',');
      const texts = (sorted ?? [name]).map((part) => (part === 'secret' ? secret : textOf(part, scheme, read)));
      const found = texts.filter((text) => text !== null);
      return found.length < texts.length ? null : [(sorted === undefined ? found : found.sort()).join('')];
    }
  }
}

function textOf(name: string, scheme: SignatureScheme, read: ReadPlace): string | null {
  const place = name === 'timestamp' || name === 'nonce' || name === 'id' ? scheme[name] : placeNamed(name);
  return place === null ? null : read(place);
}

/** The place that header:NAME, query:NAME or body:PATH names; null for any other text. */
export function placeNamed(text: string): Place | null {
  const [, where, name = ''] = /^(header|query|body):(.+)$/s.exec(text) ?? [];
  return where === 'header' || where === 'query' || where === 'body' ? { in: where, name } : null;
}

/** `&key=value` of every parameter by key, without the signature and without those that the template names itself. */
function sortedQuery(scheme: SignatureScheme, query: string): string {
  const { signature, timestamp, nonce, id, template } = scheme;
  const named = [signature, timestamp, nonce, id].flatMap((place) => (place?.in === 'query' ? [place.name] : []));
  const left = [...new URLSearchParams(query)].filter(
    ([key]) => key !== 'sign' && !named.includes(key) && !template.includes(`{query:${key}}`),
  );
  return left
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, value]) => `&${key}=${value}`)
    .join('');
}

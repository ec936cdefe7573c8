import type { Push } from './channel.ts';
import { decodeSigned } from './decode-signed.ts';
import type { Place } from './signature-scheme.ts';
import { signedText } from './signed-text.ts';

/** Reads the text at a place of one push, null where it is missing; the body is decoded once, and only when asked for. */
export type ReadPlace = (place: Place) => string | null;

/** A reader of one push. */
export function placesOf(push: Push): ReadPlace {
  let decoded: { readonly value: unknown } | null = null;
  return (place) => {
    switch (place.in) {
      case 'header':
        return headerValue(push, place.name);
      case 'query':
        return new URLSearchParams(push.query).get(place.name);
      case 'body':
        decoded ??= { value: decodeSigned(push) };
        return signedText(decoded.value, place.name);
    }
  };
}

/** NAME is a header, NAME#KEY one member of a header that is written k=v,k=v. */
function headerValue(push: Push, name: string): string | null {
  const [header = '', key] = name.toLowerCase().split('#', 2);
  const value = Object.hasOwn(push.headers, header) ? push.headers[header]?.trim() : undefined;
  if (value === undefined || key === undefined) return value ?? null;
  const member = value.split(',').find((part) => part.trim().toLowerCase().startsWith(`${key}=`));
  return member === undefined ? null : member.trim().slice(key.length + 1);
}

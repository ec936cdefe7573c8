import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme } from './signature-scheme.ts';
import type { Pieces } from './signature-template.ts';

type Algorithm = SignatureScheme['algorithm'];
type Encoding = SignatureScheme['encoding'];

/** A plain hash over the pieces, one after the other. */
export function digest(algorithm: Algorithm, encoding: Encoding, pieces: Pieces): string {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(piece);
  return encoded(hash.digest(), encoding);
}

/** An HMAC over the pieces, one after the other. */
export function mac(algorithm: Algorithm, encoding: Encoding, key: string | Uint8Array, pieces: Pieces): string {
  const hmac = createHmac(algorithm, key);
  for (const piece of pieces) hmac.update(piece);
  return encoded(hmac.digest(), encoding);
}

/** Whether two texts are the same, in a time that tells nothing of where they differ, nor of their lengths. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());
}

function encoded(bytes: Buffer, encoding: Encoding): string {
  switch (encoding) {
    case 'hex':
      return bytes.toString('hex');
    case 'base64':
      return bytes.toString('base64');
    case 'base64_of_hex':
      return Buffer.from(bytes.toString('hex')).toString('base64');
  }
}

import { createPrivateKey, createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { SignatureScheme } from '../domain/endpoint.ts';

// As Standard Webhooks writes them: `whsec_` and base64 of a shared secret, `whsk_` of an Ed25519 key pair, `whpk_` of
// its public half. A pair is 64 bytes, the seed and then the public key, which is how the known servers of v1a read it.
const SHARED = 'whsec_';
const PAIR = 'whsk_';
const PUBLIC = 'whpk_';
const SHARED_LEAST = 24;
const SHARED_MOST = 64;
const SHARED_NEW = 32;
const SEED = 32;
/** What stands before the seed in a PKCS #8 document of an Ed25519 key (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** What a secret signs with, and how. */
export interface SigningKey {
  readonly scheme: SignatureScheme;
  readonly key: KeyObject;
}

/** Makes a secret: of 32 bytes by chance for `v1`, an Ed25519 key pair for `v1a`. */
export function newSecret(scheme: SignatureScheme, chance: (bytes: number) => Uint8Array): string {
  if (scheme === 'v1') return SHARED + Buffer.from(chance(SHARED_NEW)).toString('base64');
  const seed = chance(SEED);
  return PAIR + Buffer.concat([seed, publicHalf(privateKey(seed))]).toString('base64');
}

/** The `whpk_…` that receivers verify the signatures of a `whsk_…` with; null for a shared secret. */
export function publicKeyOf(secret: string): string | null {
  if (!secret.startsWith(PAIR)) return null;
  return PUBLIC + Buffer.from(secret.slice(PAIR.length), 'base64').subarray(SEED).toString('base64');
}

/** Says why a secret that a caller gives is none of its scheme; null when it is one. Never repeats the secret. */
export function checkSecret(text: string, scheme: SignatureScheme): string | null {
  return scheme === 'v1' ? checkShared(text) : checkPair(text);
}

/** The key of a secret that `newSecret` made or `checkSecret` let through. */
export function signingKeyOf(secret: string): SigningKey {
  const pair = secret.startsWith(PAIR);
  const bytes = Buffer.from(secret.slice((pair ? PAIR : SHARED).length), 'base64');
  return pair
    ? { scheme: 'v1a', key: privateKey(bytes.subarray(0, SEED)) }
    : { scheme: 'v1', key: createSecretKey(bytes) };
}

function checkShared(text: string): string | null {
  const bytes = decode(text, SHARED);
  if (bytes !== null && bytes.length >= SHARED_LEAST && bytes.length <= SHARED_MOST) return null;
  return `a v1 secret is ${SHARED} and base64 of ${SHARED_LEAST} to ${SHARED_MOST} bytes`;
}

function checkPair(text: string): string | null {
  const bytes = decode(text, PAIR);
  if (bytes?.length !== 2 * SEED) return `a v1a secret is ${PAIR} and base64 of an Ed25519 seed and its public key`;
  const own = publicHalf(privateKey(bytes.subarray(0, SEED)));
  return own.equals(bytes.subarray(SEED)) ? null : 'the public key in a v1a secret is not that of its seed';
}

/** What is behind a prefix; null where it is not base64 to the letter, which receivers' decoders refuse. */
function decode(text: string, prefix: string): Buffer | null {
  if (!text.startsWith(prefix)) return null;
  const bytes = Buffer.from(text.slice(prefix.length), 'base64');
  return bytes.toString('base64') === text.slice(prefix.length) ? bytes : null;
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' });
}

function publicHalf(key: KeyObject): Buffer {
  return Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url');
}

import type { Authenticity, AuthenticityCode, Push } from './channel.ts';
import { digest, mac, sameText } from './digest.ts';
import { escapedBody } from './escaped-body.ts';
import { type UsableSecret, usableSecrets } from './signature-key.ts';
import { placesOf, type ReadPlace } from './signature-place.ts';
import { hmacBody } from './signature-presets.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { fillTemplate } from './signature-template.ts';

export { digest, hmacBody, mac, sameText };

const MOST_SIGNATURES = 16; // in one value: a sender rotates two or three keys

/**
 * Whether a push is signed with one of the secrets, over its raw bytes and in constant time. Without a usable secret nothing passes;
 * a missing or malformed part is `signature_missing`, a time out of the window, to either side, `signature_expired`.
 */
export function verify(scheme: SignatureScheme, push: Push, secrets: readonly string[]): Authenticity {
  const usable = usableSecrets(scheme.key, secrets);
  if (usable.length === 0 || (scheme.method === 'hash' && !usesSecret(scheme.template))) {
    return refused('secret_missing', 'The source has no secret that this kind of signature can be checked with.');
  }
  const read = placesOf(push);
  const written = read(scheme.signature);
  if (written === null || written === '') {
    return refused(
      'signature_missing',
      `There is no signature in the ${scheme.signature.in} ${scheme.signature.name}.`,
    );
  }
  const time = timeFault(scheme, push, read);
  if (time !== null) return time;
  const candidates = candidatesOf(scheme, written);
  if (scheme.method === 'equal') {
    const equal = passes(
      usable.map(({ text }) => text),
      candidates,
    );
    return equal ? AUTHENTIC : refused('key_invalid', 'The shared key is none of the source’s secrets.');
  }
  const expected = usable.map((secret) => signaturesOf(scheme, push, read, secret));
  if (expected.some((list) => list === null)) {
    return refused('signature_missing', 'The push lacks a part that has to be signed.');
  }
  return passes(
    expected.flatMap((list) => list ?? []),
    candidates,
  )
    ? AUTHENTIC
    : refused('signature_invalid', 'The signature fits none of the source’s secrets.');
}

const AUTHENTIC: Authenticity = { kind: 'authentic' };

function refused(code: AuthenticityCode, detail: string): Authenticity {
  return { kind: 'refused', code, detail };
}

function usesSecret(template: string): boolean {
  return /\{(?:sorted:(?:[^{}]*,)?)?secret[,}]/.test(template);
}

function timeFault(scheme: SignatureScheme, push: Push, read: ReadPlace): Authenticity | null {
  if (scheme.timestamp === null) return null;
  const { unit, toleranceSeconds } = scheme.timestamp;
  const written = read(scheme.timestamp);
  if (written === null || !/^\d{1,15}$/.test(written)) {
    return refused('signature_missing', 'The time of the signature is missing, or no number.');
  }
  const millis = Number(written) * (unit === 's' ? 1000 : 1);
  return Math.abs(push.receivedAt - millis) > toleranceSeconds * 1000
    ? refused('signature_expired', `The time of the signature is more than ${toleranceSeconds} s from now.`)
    : null;
}

/** The encoded values that a push offers, without their prefix: other versions of a signature stand beside ours. */
function candidatesOf(scheme: SignatureScheme, written: string): readonly string[] {
  const parts = scheme.separator === null ? [written] : written.split(scheme.separator);
  return parts
    .map((part) => (scheme.method === 'equal' ? part : part.trim()))
    .filter((part) => part.startsWith(scheme.prefix) && part.length > scheme.prefix.length)
    .map((part) => part.slice(scheme.prefix.length))
    .map((part) => (scheme.method !== 'equal' && scheme.encoding === 'hex' ? part.toLowerCase() : part))
    .slice(0, MOST_SIGNATURES);
}

/** What a secret makes of the push: over the raw body and, where the scheme says so, over the escaped one; null when a part is missing. */
function signaturesOf(
  scheme: SignatureScheme,
  push: Push,
  read: ReadPlace,
  { text, key }: UsableSecret,
): readonly string[] | null {
  const escaped = scheme.escaped === 'raw_or_escaped' ? escapedBody(push.body) : null;
  const signatures: string[] = [];
  for (const body of escaped === null ? [push.body] : [push.body, escaped]) {
    const pieces = fillTemplate(scheme, push, read, text, body);
    if (pieces === null) return null;
    const { algorithm, encoding } = scheme;
    signatures.push(
      scheme.method === 'hmac' ? mac(algorithm, encoding, key, pieces) : digest(algorithm, encoding, pieces),
    );
  }
  return signatures;
}

/** Whether any candidate is any of what was expected; all are compared, so that the time tells not which. */
function passes(expected: readonly string[], candidates: readonly string[]): boolean {
  let passed = false;
  for (const value of expected) for (const candidate of candidates) if (sameText(value, candidate)) passed = true;
  return passed;
}

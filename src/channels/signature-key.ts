import type { SignatureScheme } from './signature-scheme.ts';

/** A secret that can be checked with: as it goes into the string to sign, and the bytes of the HMAC key. */
export interface UsableSecret {
  readonly text: string;
  readonly key: Uint8Array;
}

const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/;
const HEX = /^(?:[0-9a-f]{2})+$/i;

/** The secrets that are not blank and are written as the scheme has them: an empty key would let anybody in. */
export function usableSecrets(written: SignatureScheme['key'], secrets: readonly string[]): readonly UsableSecret[] {
  return secrets.flatMap((secret) => {
    const key = secret.trim() === '' ? null : keyOf(written, secret);
    return key === null || key.length === 0 ? [] : [{ text: secret, key }];
  });
}

function keyOf(written: SignatureScheme['key'], secret: string): Uint8Array | null {
  switch (written) {
    case 'text':
      return Buffer.from(secret);
    case 'hex':
      return HEX.test(secret) ? Buffer.from(secret, 'hex') : null;
    case 'base64':
      return BASE64.test(secret) ? Buffer.from(secret, 'base64') : null;
    case 'whsec':
      return keyOf('base64', secret.replace(/^whsec_/, ''));
  }
}

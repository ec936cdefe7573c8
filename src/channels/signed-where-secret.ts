import type { Authenticity, Push, Setup } from './channel.ts';
import { verify } from './signature.ts';
import type { SignatureScheme } from './signature-scheme.ts';

/** For platforms that sign only where a secret is set: a source without one takes every push that knows its address. */
export function signedWhereSecret(scheme: SignatureScheme): (push: Push, setup: Setup) => Authenticity {
  return (push, { secrets }) => (secrets.length === 0 ? { kind: 'authentic' } : verify(scheme, push, secrets));
}

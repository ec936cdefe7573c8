import { createHmac, createSecretKey } from 'node:crypto';
import type { AtRest, Vault } from './domain/vault.ts';
import type { Sealer } from './sealer.ts';

/** Builds the vault of one process from its sealer and the deployment's identity key of 32 bytes. */
export function createVault(sealer: Sealer, identityKey: Uint8Array, atRest: AtRest): Vault {
  // A KeyObject is taken over into OpenSSL once; passing bytes would do so at every call.
  const key = createSecretKey(identityKey);
  return {
    atRest,
    seal: sealer.seal,
    open: sealer.open,
    sealText: (plain) => sealer.seal(Buffer.from(plain)).toString('base64'),
    openText: (sealed) => sealer.open(Buffer.from(sealed, 'base64')).toString(),
    token: (identity) => createHmac('sha256', key).update(identity).digest('hex'),
  };
}

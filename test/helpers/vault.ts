import { randomBytes } from 'node:crypto';
import type { AtRest, Vault } from '../../src/domain/vault.ts';
import { createSealer } from '../../src/sealer.ts';
import { createVault } from '../../src/vault.ts';

/** A vault with keys of its own. */
export function testVault(atRest: AtRest = 'raw'): Vault {
  return createVault(createSealer(randomBytes(32), [], randomBytes(12)), randomBytes(32), atRest);
}

import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { SeedSource } from './seed.ts';

/** Who asks for a change, through which request, and what the change needs besides its transaction. */
export interface Call {
  readonly actor: string; // key:<name> or adviser:<code> via key:<name>
  readonly requestId: string | null;
  readonly at: Instant; // now
  readonly vault: Vault;
  readonly seeds: SeedSource;
}

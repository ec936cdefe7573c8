import type { Vault } from '../domain/vault.ts';

/** A JSON value as it is stored: sealed, in base64. */
export function sealJson(vault: Vault, value: unknown): string {
  return vault.sealText(JSON.stringify(value));
}

/** A value that was sealed so; throws where it was sealed under a key that the deployment no longer has. */
export function openJson(vault: Vault, sealed: string): unknown {
  return JSON.parse(vault.openText(sealed));
}

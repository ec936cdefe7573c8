import type { Vault } from '../domain/vault.ts';

/** A phone or typed value as its column holds it: clear, or encrypted when the deployment encrypts all. */
export function writePhone(vault: Vault, value: string | null): string | null {
  return value === null || vault.atRest !== 'all' ? value : vault.sealText(value);
}

/** The value behind a phone column. */
export function readPhone(vault: Vault, column: string | null): string | null {
  return column === null || vault.atRest !== 'all' ? column : vault.openText(column);
}

/** What of a person is encrypted at rest: raw bodies only (default), phones and typed values too, or nothing. */
export type AtRest = 'raw' | 'all' | 'none';

/** Keeps secrets: encryption under the deployment's keys and keyed hashes; built once at start and passed as an argument. */
export interface Vault {
  readonly atRest: AtRest;
  /** Encrypts bytes (AES-256-GCM; key id, nonce and tag travel with them). */
  readonly seal: (plain: Uint8Array) => Buffer;
  /** Decrypts what `seal` made; throws `sealed_key_unknown` or `sealed_tampered`. */
  readonly open: (sealed: Uint8Array) => Buffer;
  /** As `seal`, for text, in base64. */
  readonly sealText: (plain: string) => string;
  /** As `open`, for text. */
  readonly openText: (sealed: string) => string;
  /** HMAC-SHA256 of an identity under the deployment key that never rotates, 64 hex digits; its first 3 digits are the bucket. */
  readonly token: (identity: string) => string;
}

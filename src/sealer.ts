import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';

/** Encrypts and decrypts under the secret key of the environment; what the vault is built on. */
export interface Sealer {
  readonly seal: (plain: Uint8Array) => Buffer;
  /** Throws a VaultError. */
  readonly open: (sealed: Uint8Array) => Buffer;
  /** Whether a sealed value was made with the current secret key, not with one before it. */
  readonly isCurrent: (sealed: Uint8Array) => boolean;
}

export type VaultCode = 'sealed_key_unknown' | 'sealed_tampered';

/** A sealed value that cannot be opened: its key is not among those configured, or a byte of it was changed. */
export class VaultError extends Error {
  readonly code: VaultCode;

  constructor(code: VaultCode) {
    super(
      code === 'sealed_key_unknown'
        ? 'a sealed value was made with another secret key: put that key in CLEW_SECRET_KEY_PREVIOUS'
        : 'a sealed value is damaged or was changed',
    );
    this.name = 'VaultError';
    this.code = code;
  }
}

// version 1 | key id 4 | salt 12 | nonce 12 | ciphertext | tag 16
// Every byte of the header decides the key or the nonce, so a changed one is found by the tag.
const VERSION = 1;
const ID_AT = 1;
const SALT_AT = 5;
const NONCE_AT = 17;
const HEADER = 29;
const TAG = 16;
/** Bytes that sealing adds to a value. */
export const SEAL_OVERHEAD = HEADER + TAG;

/** Keys of other processes kept ready: one is derived in about 10 µs, and reading an old page meets few of them. */
const DERIVED_MAX = 1000;

/**
 * Builds a sealer of the current key and those before it. Each process seals under a key of its own, derived from the
 * secret key and a fresh `salt` of 12 bytes, and counts its nonces: random nonces under one key would have to stop after
 * 2^32 values, which a busy deployment seals in days.
 */
export function createSealer(current: Uint8Array, previous: readonly Uint8Array[], salt: Uint8Array): Sealer {
  const secrets = new Map(
    [...previous, current].map((secret) => [keyId(secret).toString('hex'), createSecretKey(secret)]),
  );
  const derived = new LRUCache<string, KeyObject>({ max: DERIVED_MAX });
  const id = keyId(current);
  const own = derive(createSecretKey(current), salt);
  let sealed = 0;

  function keyFor(header: Buffer): KeyObject {
    const name = header.toString('latin1', ID_AT, NONCE_AT);
    const known = derived.get(name);
    if (known !== undefined) return known;
    const secret = secrets.get(header.toString('hex', ID_AT, SALT_AT));
    if (secret === undefined) throw new VaultError('sealed_key_unknown');
    const key = derive(secret, header.subarray(SALT_AT, NONCE_AT));
    derived.set(name, key);
    return key;
  }

  return {
    seal: (plain) => {
      const header = Buffer.alloc(HEADER);
      header[0] = VERSION;
      header.set(id, ID_AT);
      header.set(salt, SALT_AT);
      header.writeUIntBE(sealed, HEADER - 6, 6);
      sealed += 1;
      const cipher = createCipheriv('aes-256-gcm', own, header.subarray(NONCE_AT));
      const body = cipher.update(plain);
      cipher.final();
      return Buffer.concat([header, body, cipher.getAuthTag()]);
    },
    open: (sealed) => {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
      if (bytes.length < SEAL_OVERHEAD || bytes[0] !== VERSION) throw new VaultError('sealed_tampered');
      const header = bytes.subarray(0, HEADER);
      const decipher = createDecipheriv('aes-256-gcm', keyFor(header), header.subarray(NONCE_AT));
      decipher.setAuthTag(bytes.subarray(bytes.length - TAG));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(HEADER, bytes.length - TAG)), decipher.final()]);
      } catch {
        throw new VaultError('sealed_tampered');
      }
    },
    isCurrent: (sealed) => id.equals(sealed.subarray(ID_AT, SALT_AT)),
  };
}

/** Reads a key of 32 bytes that the configuration has checked: 64 hex digits, or base64 in either alphabet. */
export function readSecretKey(text: string): Buffer {
  return /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
}

/** Names a secret key in what it sealed, without telling anything about it. */
function keyId(secret: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'clew key id 1', SALT_AT - ID_AT));
}

function derive(secret: KeyObject, salt: Uint8Array): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', secret, salt, 'clew seal 1', 32)));
}

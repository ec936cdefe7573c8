import { createHmac, sign } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { EndpointSecret } from '../domain/endpoint.ts';
import type { Instant } from '../domain/instant.ts';
import { type SigningKey, signingKeyOf } from './secret.ts';

/** The three headers of Standard Webhooks. */
export interface SignatureHeaders {
  readonly 'webhook-id': string;
  readonly 'webhook-timestamp': string; // seconds
  readonly 'webhook-signature': string;
}

/** Signs what is sent; keeps the parsed keys of the secrets it met last. */
export interface Signer {
  /**
   * The headers of one attempt: a signature by every secret that has not expired at `at`, in the order given (newest
   * first). Throws an Error when none is left, which no endpoint allows.
   */
  readonly signatureHeaders: (
    secrets: readonly EndpointSecret[],
    id: string,
    at: Instant,
    body: Buffer,
  ) => SignatureHeaders;
}

/** Parsed keys that are kept: two for each of 5,000 endpoints. Parsing one takes 4 µs for v1, 500 µs for v1a. */
const KEYS_MAX = 10_000;

/** A signer, without any key yet. */
export function createSigner(): Signer {
  const keys = new LRUCache<string, SigningKey>({ max: KEYS_MAX });

  function keyOf(secret: string): SigningKey {
    const known = keys.get(secret);
    if (known !== undefined) return known;
    const key = signingKeyOf(secret);
    keys.set(secret, key);
    return key;
  }

  return {
    signatureHeaders: (secrets, id, at, body) => {
      const timestamp = String(Math.floor(at / 1000));
      const signatures = secrets
        .filter(({ expires_at }) => expires_at === null || at <= expires_at)
        .map(({ secret }) => signature(keyOf(secret), `${id}.${timestamp}.`, body));
      if (signatures.length === 0) throw new Error('every secret of the endpoint has expired');
      return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
    },
  };
}

function signature({ scheme, key }: SigningKey, head: string, body: Buffer): string {
  switch (scheme) {
    case 'v1':
      return `v1,${createHmac('sha256', key).update(head).update(body).digest('base64')}`;
    case 'v1a':
      return `v1a,${sign(null, Buffer.concat([Buffer.from(head), body]), key).toString('base64')}`;
  }
}

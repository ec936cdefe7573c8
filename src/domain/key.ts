import type { Instant } from './instant.ts';
import type { SourceState } from './source.ts';
import type { SourceRules } from './submission.ts';

/** What an API key may do. */
export const KEY_SCOPES = ['leads:write', 'leads:read', 'pii:read', 'ops', 'admin'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** An API key as it is listed: all but its secret, which nobody has. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly prefix: string; // the secret's first characters
  readonly scopes: readonly KeyScope[];
  readonly sourceId: string;
  readonly stores: readonly string[] | null; // null: every store
  readonly adviser: string | null; // the adviser it acts as
  readonly rateLimit: number | null; // requests a minute; null: the service's default
  readonly createdBy: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly revokedAt: Instant | null;
}

/** What a request by a key needs: the key, and the source that its submissions come by. */
export interface KeyGrant extends ApiKey {
  readonly source: SourceRules & { readonly name: string; readonly kind: string; readonly state: SourceState };
}

export function isKeyScope(text: string): text is KeyScope {
  return (KEY_SCOPES as readonly string[]).includes(text);
}

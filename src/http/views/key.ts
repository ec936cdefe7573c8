import { formatInstant, momentOf } from '../../domain/instant.ts';
import type { ApiKey } from '../../domain/key.ts';
import type { KeyAnswer } from '../schemas/key.ts';

/** A key, without its secret. */
export function keyAnswer(key: ApiKey): KeyAnswer {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    source_id: key.sourceId,
    stores: key.stores,
    adviser: key.adviser,
    rate_limit: key.rateLimit,
    created_by: key.createdBy,
    created_at: formatInstant(key.createdAt),
    expires_at: momentOf(key.expiresAt),
    revoked_at: momentOf(key.revokedAt),
  };
}

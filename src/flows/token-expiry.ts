import { type Instant, parseInstant } from '../domain/instant.ts';
import type { LoadedSource } from './source-book.ts';

/** The credential that says until when another one works, for platforms whose tokens expire. */
const EXPIRY_CREDENTIAL = 'access_token_expires_at';

/** When the token of a source expires, as its operator has said; null: nobody has, or it is no date. */
export function tokenExpiry({ credentials }: Pick<LoadedSource, 'credentials'>): Instant | null {
  const said = credentials[EXPIRY_CREDENTIAL];
  return said === undefined ? null : parseInstant(said);
}

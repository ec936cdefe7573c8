import type { Push } from '../channels/channel.ts';
import type { Instant } from '../domain/instant.ts';
import type { KeptBody } from '../store/raw-bodies.ts';

/** A kept body as the push that it was: without headers but its type, so that its sender cannot be asked for again. */
export function keptPush({ contentType, body }: KeptBody, receivedAt: Instant): Push {
  return { method: 'POST', path: '', query: '', headers: { 'content-type': contentType }, body, receivedAt };
}

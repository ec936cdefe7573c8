import type { FastifyRequest } from 'fastify';
import { hasScope } from './actor.ts';

/** Why phones and the like are masked in an answer. */
export type Masked = 'scope_missing' | 'access_reason_missing';

/** How a request sees phones, ids and addresses of persons; in full only with a scope and a reason. */
export type Sight =
  | { readonly kind: 'full'; readonly reason: string }
  | { readonly kind: 'masked'; readonly why: Masked };

/** The sight of a request: `pii:read` alone does not unmask, a reason has to be given too. */
export function sightOf(request: FastifyRequest): Sight {
  if (!hasScope(request, 'pii:read')) return { kind: 'masked', why: 'scope_missing' };
  if (request.accessReason === null) return { kind: 'masked', why: 'access_reason_missing' };
  return { kind: 'full', reason: request.accessReason };
}

/** What an answer says of itself: why it is masked, or null. */
export function maskedOf(sight: Sight): Masked | null {
  return sight.kind === 'full' ? null : sight.why;
}

/** A value as the sight shows it. */
export function seen<T extends string | null>(sight: Sight, value: T, mask: (value: string) => string): T | string {
  return sight.kind === 'full' || value === null ? value : mask(value);
}

import type { FastifyRequest } from 'fastify';
import type { KeyGrant, KeyScope } from '../domain/key.ts';
import { problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    grant: KeyGrant | null; // null only on public routes
    onBehalfOf: string | null; // the adviser's code of On-Behalf-Of, or the one that the key is bound to
    accessReason: string | null;
  }
}

/** The key of a request; throws `unauthenticated` on a route that asked for none. */
export function grantOf(request: FastifyRequest): KeyGrant {
  if (request.grant === null) throw problem('unauthenticated');
  return request.grant;
}

/** Who acts, as events and the audit name them: `key:crm`, or `adviser:A1 via key:crm`. */
export function actorText(request: FastifyRequest): string {
  const { name } = grantOf(request);
  return request.onBehalfOf === null ? `key:${name}` : `adviser:${request.onBehalfOf} via key:${name}`;
}

/** Whether the key of a request has a scope; no scope includes another. */
export function hasScope(request: FastifyRequest, scope: KeyScope): boolean {
  return grantOf(request).scopes.includes(scope);
}

/** Throws `scope_missing` unless the key has the scope; `path` names the field of the body that needs it. */
export function requireScope(request: FastifyRequest, scope: KeyScope, path?: string): void {
  if (hasScope(request, scope)) return;
  const errors =
    path === undefined ? {} : { errors: [{ path, code: 'scope_missing', message: `needs the scope ${scope}` }] };
  throw problem('scope_missing', { detail: `This needs the scope ${scope}.`, members: { scope }, ...errors });
}

/** Throws `source_paused` where the source that the key captures for is paused. */
export function requireActiveSource(request: FastifyRequest): void {
  if (grantOf(request).source.state === 'paused') throw problem('source_paused');
}

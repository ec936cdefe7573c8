import type { FastifyRequest } from 'fastify';
import type { Sight } from '../domain/sight.ts';
import { hasScope } from './actor.ts';

/** The sight of a request: `pii:read` alone does not unmask, a reason has to be given too. */
export function sightOf(request: FastifyRequest): Sight {
  if (!hasScope(request, 'pii:read')) return { kind: 'masked', why: 'scope_missing' };
  if (request.accessReason === null) return { kind: 'masked', why: 'access_reason_missing' };
  return { kind: 'full', reason: request.accessReason };
}

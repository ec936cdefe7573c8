import type { FastifyRequest } from 'fastify';
import type { Act } from '../flows/act.ts';
import { actorText } from './actor.ts';
import type { RouteDeps } from './deps.ts';

/** Who changes what by this request, for a flow. */
export function actOf(
  request: FastifyRequest,
  { clock, newRequestId, chance }: Pick<RouteDeps, 'clock' | 'newRequestId' | 'chance'>,
): Act {
  return { actor: actorText(request), at: clock(), requestId: request.id, newId: newRequestId, chance };
}

import type { FastifyRequest } from 'fastify';
import type { Bounds } from '../domain/bounds.ts';
import type { Call } from '../flows/call.ts';
import { createSeedSource } from '../flows/seed.ts';
import { actorText, grantOf } from './actor.ts';
import type { RouteDeps } from './deps.ts';

/** Makes of a request what a flow needs to know of it: who asks, when, and what ids are made of. */
export function callsOf({ clock, vault }: Pick<RouteDeps, 'clock' | 'vault'>): (request: FastifyRequest) => Call {
  const seeds = createSeedSource();
  return (request) => ({ actor: actorText(request), requestId: request.id, at: clock(), vault, seeds });
}

/** What the key of a request is bound to. */
export function boundsOf(request: FastifyRequest): Bounds {
  const { stores, adviser } = grantOf(request);
  return { stores, adviser };
}

/** The id of the path, as ids are written here. */
export function idOf({ params }: { readonly params: { readonly id: string } }): string {
  return params.id.toLowerCase();
}

import type { FastifyRequest } from 'fastify';
import type { SendingEndpoint } from '../domain/endpoint.ts';
import type { EndpointAct } from '../flows/endpoint-act.ts';
import type { EndpointEdit } from '../flows/endpoint-input.ts';
import type { Db } from '../store/database.ts';
import { readEndpointFacts } from '../store/endpoint-facts.ts';
import type { GivenSettings } from '../store/endpoints.ts';
import { actOf } from './act.ts';
import { grantOf, hasScope } from './actor.ts';
import type { RouteDeps } from './deps.ts';
import { problem } from './problem.ts';
import { type EndpointFields, SETTING_NAMES } from './schemas/endpoint.ts';
import type { EndpointAnswer } from './schemas/endpoint-answer.ts';
import { endpointAnswer } from './views/endpoint.ts';
import { reachOf } from './visibility.ts';

/** Throws `other_store` for a key that is bound to stores or to an adviser: endpoints are given the leads of all. */
export function requireEveryStore(request: FastifyRequest): void {
  if (reachOf(grantOf(request)) === null) return;
  throw problem('other_store', { detail: 'Endpoints are given the leads of every store; the key is bound to some.' });
}

/** Who changes endpoints by this request; throws `other_store`. */
export function endpointActOf(request: FastifyRequest, deps: RouteDeps): EndpointAct {
  requireEveryStore(request);
  return { ...actOf(request, deps), sees: hasScope(request, 'pii:read') ? 'full' : 'masked' };
}

/** The flow's input of a checked body: settings apart, ids of sources in lower case. */
export function inputOf<B extends EndpointFields>(body: B): Input<B> {
  const names: readonly string[] = SETTING_NAMES;
  const entries = Object.entries(body);
  const settings = Object.fromEntries(entries.filter(([name]) => names.includes(name))) as GivenSettings;
  const { filter } = body;
  const sources = filter?.sources?.map((id) => id.toLowerCase());
  return {
    ...Object.fromEntries(entries.filter(([name]) => !names.includes(name))),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(filter === undefined ? {} : { filter: sources === undefined ? filter : { ...filter, sources } }),
  } as Input<B>;
}

type Input<B> = Omit<B, keyof GivenSettings | 'filter'> & Pick<EndpointEdit, 'filter' | 'settings'>;

/** An endpoint as it is answered, with how it is doing. */
export async function showEndpoint(db: Db, sending: SendingEndpoint): Promise<EndpointAnswer> {
  const { id } = sending.endpoint;
  return endpointAnswer(sending, (await readEndpointFacts(db, [id])).get(id));
}

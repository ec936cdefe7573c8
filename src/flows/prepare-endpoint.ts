import { DEFAULT_ENDPOINT_SETTINGS, type EndpointSettings } from '../domain/endpoint.ts';
import type { Db } from '../store/database.ts';
import { findEndpoint } from '../store/endpoints.ts';
import type { Outbound } from '../webhooks/outbound.ts';
import { checkEndpoint, type EndpointWarning } from './check-endpoint.ts';
import { type EndpointAct, requireFull } from './endpoint-act.ts';
import { checkInput, type EndpointEdit, type EndpointInput } from './endpoint-input.ts';

type Tools = Pick<Outbound, 'rules' | 'mapper'>;

/** Input that can be saved, and what it would be saved in spite of. */
export interface Prepared<T> {
  readonly input: T;
  readonly warnings: readonly EndpointWarning[];
}

/** Checks and tries a new endpoint before its transaction; throws `body_invalid`, `scope_missing`, `target_refused`, `mapping_invalid`. */
export async function prepareEndpoint(
  tools: Tools,
  act: EndpointAct,
  given: EndpointInput,
): Promise<Prepared<EndpointInput>> {
  const input = checkInput(given);
  if (input.settings?.payload === 'full') requireFull(act, 'payload');
  const expressions = { ...expressionsOf(DEFAULT_ENDPOINT_SETTINGS, input), events: input.events };
  return { input, warnings: await checkEndpoint(tools, act, { url: input.url, expressions }) };
}

/**
 * Checks and tries a change of an endpoint before its transaction, which has to find the endpoint at the version that the
 * caller saw. Throws as `prepareEndpoint` does.
 */
export async function prepareEdit(
  db: Db,
  tools: Tools,
  act: EndpointAct,
  id: string,
  given: EndpointEdit,
): Promise<Prepared<EndpointEdit>> {
  const input = checkInput(given);
  const present = await findEndpoint(db, id);
  // The transaction refuses it, unless it finds the answer of the same request made earlier.
  if (present === null || present.state === 'deleted') return { input, warnings: [] };
  const { events = present.events, url = null } = input;
  const expressions = { ...expressionsOf(present.settings, input), events };
  return { input, warnings: await checkEndpoint(tools, act, { url, expressions }) };
}

type Expressions = Pick<EndpointSettings, 'payload' | 'mapping' | 'success_when'>;

/** What a change makes of the expressions and of what they get. */
function expressionsOf(present: Expressions, { settings = {} }: EndpointEdit): Expressions {
  const { payload = present.payload, mapping = present.mapping, success_when = present.success_when } = settings;
  return { payload: payload ?? DEFAULT_ENDPOINT_SETTINGS.payload, mapping, success_when };
}

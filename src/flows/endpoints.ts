import type { Endpoint, SendingEndpoint } from '../domain/endpoint.ts';
import { Fault } from '../domain/fault.ts';
import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import { forgetBodies } from '../store/endpoint-bodies.ts';
import { changeEndpoint, type GivenSettings, insertEndpoint } from '../store/endpoints.ts';
import { auditAct } from './act.ts';
import { type EndpointAct, lockPresent, originOf, requireFull } from './endpoint-act.ts';
import { type EndpointEdit, type EndpointInput, wholeFilter } from './endpoint-input.ts';
import {
  addSecret,
  ENDPOINT_OVERLAP_SECONDS,
  makeSecret,
  openToShow,
  sealHeaders,
  sealSecrets,
} from './endpoint-secrets.ts';

/** An endpoint as it was saved, with the secret where one was just made or given: it is shown this once. */
export interface SavedEndpoint {
  readonly sending: SendingEndpoint;
  readonly secret: string | null;
}

/** Makes an endpoint of checked input, active from the next event on; throws `scope_missing`, `body_invalid`. */
export async function createEndpointIn(
  tx: Tx,
  vault: Vault,
  act: EndpointAct,
  input: EndpointInput,
): Promise<SavedEndpoint> {
  const { url, events, settings = {}, headers = {}, ordered = true } = input;
  if (settings.payload === 'full') requireFull(act, 'payload');
  const secret = makeSecret(act, settings.signature ?? 'v1', input.secret);
  const endpoint = await insertEndpoint(tx, {
    id: act.newId(),
    description: input.description ?? '',
    url,
    events,
    filter: wholeFilter(input.filter),
    ordered,
    settings,
    secrets: sealSecrets(vault, [secret]),
    headers: sealHeaders(vault, headers),
    at: act.at,
  });
  await auditAct(tx, act, 'endpoint.created', { kind: 'endpoint', id: endpoint.id }, outlineOf(endpoint, headers));
  return { sending: { endpoint, secrets: [secret], headers }, secret: secret.secret };
}

/**
 * Changes an endpoint that still has the version that its caller saw, by checked input. Another signature needs another
 * secret, which is answered; the one before signs on for a day. Throws `not_found`, `gone`, `version_conflict`,
 * `scope_missing`.
 */
export async function updateEndpointIn(
  tx: Tx,
  vault: Vault,
  act: EndpointAct,
  id: string,
  version: number,
  edit: EndpointEdit,
): Promise<SavedEndpoint> {
  const row = await lockPresent(tx, id);
  const present = row.endpoint;
  if (present.version !== version) {
    throw new Fault('version_conflict', null, `the endpoint has version ${present.version} now`);
  }
  requireFullFor(act, present, edit);
  const scheme = edit.settings?.signature ?? null;
  const secret = scheme === null || scheme === present.settings.signature ? null : makeSecret(act, scheme, undefined);
  const former = openToShow(vault, row); // one that cannot be opened can still be changed, and repaired
  const secrets =
    secret === null ? former.secrets : addSecret(former.secrets, secret, act.at, ENDPOINT_OVERLAP_SECONDS);
  const headers = edit.headers ?? former.headers;
  const { filter, headers: _given, ...plain } = edit;
  const change = {
    ...plain,
    ...(filter === undefined ? {} : { filter: wholeFilter(filter) }),
    ...(edit.headers === undefined ? {} : { headers: sealHeaders(vault, edit.headers) }),
    ...(secret === null ? {} : { secrets: sealSecrets(vault, secrets) }),
  };
  const endpoint = await changeEndpoint(tx, id, change, act.at);
  if (tellsLess(present, endpoint)) await forgetBodies(tx, id);
  const detail = { changed: namesOf(edit), ...outlineOf(endpoint, headers), version: endpoint.version };
  await auditAct(tx, act, 'endpoint.updated', { kind: 'endpoint', id }, detail);
  return { sending: { endpoint, secrets, headers }, secret: secret?.secret ?? null };
}

/** Settings by which full values could go elsewhere, be shaped for somebody else, or be taken for ours. */
const DIRECTING = ['mapping', 'signature'] as const satisfies readonly (keyof GivenSettings)[];

/** Making an endpoint full, and turning one that is or becomes full to somewhere else. */
function requireFullFor(act: EndpointAct, present: Endpoint, { url, headers, settings = {} }: EndpointEdit): void {
  const becomes = settings.payload ?? (settings.payload === null ? 'masked' : present.settings.payload);
  if (becomes === 'full' && present.settings.payload !== 'full') requireFull(act, 'payload');
  if (becomes !== 'full' && present.settings.payload !== 'full') return;
  if (url !== undefined && url !== present.url) requireFull(act, 'url');
  if (headers !== undefined) requireFull(act, 'headers');
  for (const name of DIRECTING) {
    const value = settings[name];
    if (value !== undefined && value !== present.settings[name]) requireFull(act, name);
  }
}

/**
 * Whether bodies that were rendered before hold more than the endpoint gets from now on. They would be sent as they are, by then
 * perhaps to a URL that anybody may change, since the endpoint is no longer full.
 */
function tellsLess(before: Endpoint, after: Endpoint): boolean {
  const mode = after.settings.payload;
  return mode !== before.settings.payload && (mode === 'thin' || before.settings.payload === 'full');
}

/** What the audit says of an endpoint: no secret, no value of a header, and of the URL its origin only. */
function outlineOf({ url, description, events, ordered, settings }: Endpoint, headers: SendingEndpoint['headers']) {
  const { payload, signature, recipient, purpose } = settings;
  const sent = { payload, signature, recipient, purpose, headers: Object.keys(headers) };
  return { description, origin: originOf(url), events, ordered, ...sent };
}

function namesOf({ settings = {}, ...edit }: EndpointEdit): readonly string[] {
  return [...Object.keys(edit), ...Object.keys(settings)];
}

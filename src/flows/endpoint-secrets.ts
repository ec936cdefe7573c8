import type { EndpointSecret, SendingEndpoint, SignatureScheme } from '../domain/endpoint.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { SendingRow } from '../store/endpoints.ts';
import { checkSecret, newSecret } from '../webhooks/secret.ts';
import type { Act } from './act.ts';
import { openJson, sealJson } from './sealed-json.ts';

/** Names and values of the headers that an endpoint's requests carry besides ours. */
export type CustomHeaders = Readonly<Record<string, string>>;

/** How long the former secret of an endpoint signs on after a rotation, in seconds, unless the caller says otherwise. */
export const ENDPOINT_OVERLAP_SECONDS = 24 * 60 * 60;

/** Most secrets that sign at once: every one lengthens the header by 48 characters, 92 for v1a. */
const SECRETS_MOST = 5;

/** Unseals what sending to an endpoint needs; throws where it was sealed under a key that the deployment no longer has. */
export function openSending(vault: Vault, row: SendingRow): SendingEndpoint {
  return { endpoint: row.endpoint, secrets: openSecrets(vault, row.secrets), headers: openHeaders(vault, row.headers) };
}

/** The same to be shown: what cannot be unsealed is left out, so that the endpoint can be found and repaired. */
export function openToShow(vault: Vault, row: SendingRow): SendingEndpoint {
  try {
    return openSending(vault, row);
  } catch {
    return { endpoint: row.endpoint, secrets: [], headers: {} };
  }
}

/** Secrets of an endpoint as they are stored. */
export function sealSecrets(vault: Vault, secrets: readonly EndpointSecret[]): string {
  return sealJson(vault, secrets);
}

/** Secrets of an endpoint, newest first; a deleted endpoint has none. */
function openSecrets(vault: Vault, sealed: string): readonly EndpointSecret[] {
  return sealed === '' ? [] : (openJson(vault, sealed) as EndpointSecret[]);
}

/** Headers of an endpoint as they are stored; null where there are none. */
export function sealHeaders(vault: Vault, headers: CustomHeaders): string | null {
  return Object.keys(headers).length === 0 ? null : sealJson(vault, headers);
}

/** Headers of an endpoint in clear. */
function openHeaders(vault: Vault, sealed: string | null): CustomHeaders {
  return sealed === null ? {} : (openJson(vault, sealed) as Record<string, string>);
}

/** A secret of an endpoint, made or given; throws `body_invalid` where the given one is none. */
export function makeSecret(act: Act, scheme: SignatureScheme, given: string | undefined): EndpointSecret {
  const fault = given === undefined ? null : checkSecret(given, scheme);
  if (fault !== null) throw new Fault('body_invalid', 'secret', fault);
  return { id: act.newId(), secret: given ?? newSecret(scheme, act.chance), expires_at: null };
}

/** Secrets with a new one first; those before sign on for so many seconds at most, and for none they go at once. */
export function addSecret(
  former: readonly EndpointSecret[],
  secret: EndpointSecret,
  at: Instant,
  overlapSeconds: number,
): readonly EndpointSecret[] {
  const until = at + overlapSeconds * 1000;
  const kept = former
    .map((one) => ({ ...one, expires_at: Math.min(one.expires_at ?? until, until) }))
    .filter((one) => one.expires_at > at);
  return [secret, ...kept].slice(0, SECRETS_MOST);
}

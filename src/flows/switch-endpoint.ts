import type { SendingEndpoint } from '../domain/endpoint.ts';
import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import { resetHealth } from '../store/endpoint-facts.ts';
import { changeEndpoint, type EndpointChange, lockEndpoint, type SendingRow } from '../store/endpoints.ts';
import { auditAct } from './act.ts';
import { type EndpointAct, lockPresent, noEndpoint, originOf, requireFull } from './endpoint-act.ts';
import { openToShow } from './endpoint-secrets.ts';

/** Stops an endpoint: nothing is sent, and what comes is kept. Again for no change; throws `not_found`, `gone`. */
export async function pauseEndpointIn(tx: Tx, vault: Vault, act: EndpointAct, id: string): Promise<SendingEndpoint> {
  const row = await lockPresent(tx, id);
  if (row.endpoint.state === 'paused') return openToShow(vault, row);
  return openToShow(vault, await switched(tx, act, row, { state: 'paused', pausedReason: 'operator' }, 'paused'));
}

/**
 * Lets a paused endpoint go on, with its backlog and as if it had never failed. Again for no change; throws `not_found`,
 * `gone`, `scope_missing`.
 */
export async function resumeEndpointIn(tx: Tx, vault: Vault, act: EndpointAct, id: string): Promise<SendingEndpoint> {
  const row = await lockPresent(tx, id);
  if (row.endpoint.state === 'active') return openToShow(vault, row);
  if (row.endpoint.settings.payload === 'full') requireFull(act, null);
  await resetHealth(tx, id, act.at);
  return openToShow(vault, await switched(tx, act, row, { state: 'active', pausedReason: null }, 'resumed'));
}

/**
 * Ends an endpoint for ever: its secrets, headers and all of its URL but the origin go, its deliveries stay to be read.
 * Again for no change; throws `not_found`.
 */
export async function deleteEndpointIn(tx: Tx, vault: Vault, act: EndpointAct, id: string): Promise<SendingEndpoint> {
  const row = await lockEndpoint(tx, id);
  if (row === null) throw noEndpoint(id);
  if (row.endpoint.state === 'deleted') return openToShow(vault, row);
  const gone = { state: 'deleted', pausedReason: null, secrets: '', headers: null } as const;
  const change = { ...gone, url: originOf(row.endpoint.url) };
  return openToShow(vault, { ...(await switched(tx, act, row, change, 'deleted')), secrets: '', headers: null });
}

async function switched(
  tx: Tx,
  act: EndpointAct,
  { endpoint: before, secrets, headers }: SendingRow,
  change: EndpointChange,
  what: 'paused' | 'resumed' | 'deleted',
): Promise<SendingRow> {
  const { id, state: from, pausedReason } = before;
  const endpoint = await changeEndpoint(tx, id, change, act.at);
  const detail = { origin: originOf(before.url), from, paused_reason: pausedReason, version: endpoint.version };
  await auditAct(tx, act, `endpoint.${what}`, { kind: 'endpoint', id }, detail);
  return { endpoint, secrets, headers };
}

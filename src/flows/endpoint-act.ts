import type { Endpoint } from '../domain/endpoint.ts';
import { Fault } from '../domain/fault.ts';
import type { Tx } from '../store/database.ts';
import { lockEndpoint, type SendingRow } from '../store/endpoints.ts';
import type { Act } from './act.ts';

/** Who changes endpoints: `full` where they may read phones in full, and so may send them somewhere. */
export interface EndpointAct extends Act {
  readonly sees: 'full' | 'masked';
}

/** Throws `scope_missing` where a change decides who gets full values and its maker may not read them. */
export function requireFull(act: EndpointAct, path: string | null): void {
  if (act.sees === 'full') return;
  const message = 'this decides who gets phones in full, so it needs the scope pii:read';
  throw new Fault('scope_missing', path, message, { scope: 'pii:read' });
}

/** Locks an endpoint that is to be changed; throws `not_found`, and `gone` where it was deleted. */
export async function lockPresent(tx: Tx, id: string): Promise<SendingRow> {
  const row = await lockEndpoint(tx, id);
  if (row === null) throw noEndpoint(id);
  requirePresent(row.endpoint);
  return row;
}

/** Throws `gone` for an endpoint that was deleted. */
export function requirePresent({ id, state }: Endpoint): void {
  if (state === 'deleted') throw new Fault('gone', null, `the endpoint ${id} was deleted`);
}

export function noEndpoint(id: string): Fault {
  return new Fault('not_found', null, `there is no endpoint ${id}`);
}

/** Where an endpoint sends to, as audit and terminal may show it: path and query can hold a token. */
export function originOf(url: string): string {
  return new URL(url).origin;
}

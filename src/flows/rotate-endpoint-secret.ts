import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import { changeEndpoint } from '../store/endpoints.ts';
import { auditAct } from './act.ts';
import { type EndpointAct, lockPresent, requireFull } from './endpoint-act.ts';
import { addSecret, makeSecret, openToShow, sealSecrets } from './endpoint-secrets.ts';
import type { SavedEndpoint } from './endpoints.ts';

/** A rotation: for how many seconds the former secrets still sign, and the new one where the caller gives it. */
export interface EndpointRotation {
  readonly overlap: number;
  readonly secret?: string;
}

/**
 * Gives an endpoint a new secret of its scheme; requests carry a signature by the former one too until the overlap is over.
 * Throws `not_found`, `gone`, `scope_missing`, `body_invalid`.
 */
export async function rotateEndpointSecretIn(
  tx: Tx,
  vault: Vault,
  act: EndpointAct,
  id: string,
  { overlap, secret: given }: EndpointRotation,
): Promise<SavedEndpoint> {
  const row = await lockPresent(tx, id);
  const { payload, signature } = row.endpoint.settings;
  if (payload === 'full') requireFull(act, null);
  const secret = makeSecret(act, signature, given);
  const former = openToShow(vault, row); // one that cannot be opened is repaired so
  const secrets = addSecret(former.secrets, secret, act.at, overlap);
  const endpoint = await changeEndpoint(tx, id, { secrets: sealSecrets(vault, secrets) }, act.at);
  const until = secrets[1]?.expires_at ?? null;
  const detail = { secret_id: secret.id, signature, former_until: until, version: endpoint.version };
  await auditAct(tx, act, 'endpoint.secret_rotated', { kind: 'endpoint', id }, detail);
  return { sending: { endpoint, secrets, headers: former.headers }, secret: secret.secret };
}

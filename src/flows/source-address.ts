import { createHash } from 'node:crypto';
import { kindOf } from '../channels/kinds.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Source } from '../domain/source.ts';
import type { Tx } from '../store/database.ts';
import { addAddress } from '../store/source-addresses.ts';
import { lockSource } from '../store/sources.ts';
import { type Act, auditAct } from './act.ts';

const HOOKS = '/v1/hooks/';

/** How long the former address of a source still works after a rotation, in seconds, unless the caller says otherwise. */
export const ADDRESS_OVERLAP_SECONDS = 7 * 24 * 60 * 60;
const FORMS = '/v1/forms/';

/** How an address is known where it is kept: the SHA-256 of its secret part. */
export function addressHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Makes a source's hook a new address and answers its path, which is shown this once; those before it work until a moment. */
export async function giveAddress(tx: Tx, act: Act, sourceId: string, until: Instant): Promise<string> {
  const token = Buffer.from(act.chance(32)).toString('base64url');
  await addAddress(tx, { sourceId, tokenHash: addressHash(token), at: act.at, until });
  return `${HOOKS}${token}`;
}

/** The path that a page's form is sent to, which is no secret; null where the source is of another kind. */
export function formAddress({ kind, id }: Pick<Source, 'kind' | 'id'>): string | null {
  return kindOf(kind)?.way === 'form' ? `${FORMS}${id}` : null;
}

/** Gives a source a new address; the one before works for so many seconds more. Throws `not_found`, `body_invalid`. */
export async function rotateAddressIn(
  tx: Tx,
  act: Act,
  id: string,
  overlapSeconds: number,
): Promise<{ readonly source: Source; readonly address: string }> {
  const present = await lockSource(tx, id);
  if (present === null) throw new Fault('not_found', null, `there is no source ${id}`);
  const { source } = present;
  if (kindOf(source.kind)?.way !== 'hook') {
    throw new Fault('body_invalid', null, `nobody pushes to a source of the kind ${source.kind}: it has no address`);
  }
  const until = act.at + overlapSeconds * 1000;
  const address = await giveAddress(tx, act, id, until);
  await auditAct(tx, act, 'source.address_rotated', { kind: 'source', id }, { name: source.name, former_until: until });
  return { source, address };
}

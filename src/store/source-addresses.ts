import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';

/** One address of a source's hook, by the SHA-256 of its secret part. */
export interface SourceAddress {
  readonly tokenHash: Buffer;
  readonly sourceId: string;
  readonly expiresAt: Instant | null;
}

/** Gives a source another address; those before it work until `until`, or no longer where that is now. */
export async function addAddress(
  tx: Tx,
  address: { readonly sourceId: string; readonly tokenHash: Buffer; readonly at: Instant; readonly until: Instant },
): Promise<void> {
  const { sourceId, tokenHash, at, until } = address;
  await tx
    .deleteFrom('source_address')
    .where('source_id', '=', sourceId)
    .where((it) => it.or([it('expires_at', 'is not', null), it.val(until <= at)]))
    .execute();
  await tx
    .updateTable('source_address')
    .set({ expires_at: new Date(until) })
    .where('source_id', '=', sourceId)
    .execute();
  await tx
    .insertInto('source_address')
    .values({ token_hash: tokenHash, source_id: sourceId, created_at: new Date(at), expires_at: null })
    .execute();
}

/** All addresses of all sources: they are configuration, tens and not thousands. */
export async function listAddresses(db: Db): Promise<readonly SourceAddress[]> {
  const rows = await db.selectFrom('source_address').selectAll().execute();
  return rows.map((row) => ({ tokenHash: row.token_hash, sourceId: row.source_id, expiresAt: row.expires_at }));
}

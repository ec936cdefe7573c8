import type { Push } from '../channels/channel.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import { recordPush } from '../store/recordings.ts';

/** A push to be recorded, and how it was acknowledged. */
export interface ToRecord {
  readonly id: string;
  readonly sourceId: string;
  readonly push: Push;
  readonly verdict: string;
}

/** Writes a push down whole where its source is still recorded: its address goes without the secret part. */
export async function keepRecord(db: Db, vault: Vault, { id, sourceId, push, verdict }: ToRecord): Promise<void> {
  const { method, query, headers, body, receivedAt } = push;
  const path = push.path.replace(/[^/]*$/, '…');
  const request = { method, path, query, headers, body: Buffer.from(body).toString('base64') };
  await recordPush(db, vault, { id, sourceId, receivedAt, verdict, request });
}

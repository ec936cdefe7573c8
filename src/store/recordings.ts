import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db, Tx } from './database.ts';

/** A push as it was recorded: whole, with its headers. */
export interface RecordedPush {
  readonly id: string;
  readonly sourceId: string;
  readonly receivedAt: Instant;
  readonly verdict: string; // how it was acknowledged
  readonly request: RecordedRequest;
}

/** What of a request is recorded; the body in base64. */
export interface RecordedRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The sources whose next pushes are recorded. */
export async function listRecordings(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db.selectFrom('recording').select('source_id').where('remaining', '>', 0).execute();
  return new Set(rows.map((row) => row.source_id));
}

/** How many more pushes of a source are recorded. */
export async function remainingOf(db: Db, sourceId: string): Promise<number> {
  const row = await db.selectFrom('recording').select('remaining').where('source_id', '=', sourceId).executeTakeFirst();
  return row?.remaining ?? 0;
}

/** Records the next so many pushes of a source, in place of what was asked for before. */
export async function startRecording(
  tx: Tx,
  recording: { readonly sourceId: string; readonly count: number; readonly actor: string; readonly at: Instant },
): Promise<void> {
  const row = { remaining: recording.count, actor: recording.actor, started_at: new Date(recording.at) };
  await tx
    .insertInto('recording')
    .values({ source_id: recording.sourceId, ...row })
    .onConflict((it) => it.column('source_id').doUpdateSet(row))
    .execute();
}

/** Writes a push down where its source is still recorded; answers whether it did. */
export async function recordPush(db: Db, vault: Vault, push: RecordedPush): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const taken = await tx
      .updateTable('recording')
      .set((it) => ({ remaining: it('remaining', '-', 1) }))
      .where('source_id', '=', push.sourceId)
      .where('remaining', '>', 0)
      .executeTakeFirst();
    if (taken.numUpdatedRows === 0n) return false;
    const sealed = vault.atRest !== 'none';
    const bytes = Buffer.from(JSON.stringify(push.request));
    await tx
      .insertInto('recorded_push')
      .values({
        id: push.id,
        source_id: push.sourceId,
        received_at: new Date(push.receivedAt),
        verdict: push.verdict,
        request: sealed ? vault.seal(bytes) : bytes,
        sealed,
      })
      .execute();
    return true;
  });
}

/** The recorded pushes of a source, newest first, from a moment on where one is named. */
export async function listRecordedPushes(
  db: Db,
  vault: Vault,
  sourceId: string,
  limit: number,
  since: Instant | null = null,
): Promise<readonly RecordedPush[]> {
  const rows = await db
    .selectFrom('recorded_push')
    .selectAll()
    .where('source_id', '=', sourceId)
    .where(sql<boolean>`received_at >= ${new Date(since ?? 0)}`)
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    receivedAt: row.received_at,
    verdict: row.verdict,
    request: JSON.parse((row.sealed ? vault.open(row.request) : row.request).toString()) as RecordedRequest,
  }));
}

/** Deletes what was recorded of a source, or of all before a moment; answers how many. */
export async function forgetRecordedPushes(
  db: Db,
  which: { readonly sourceId: string } | { readonly before: Instant },
): Promise<number> {
  const query =
    'sourceId' in which
      ? sql`delete from recorded_push where source_id = ${which.sourceId}`
      : sql`delete from recorded_push where received_at < ${new Date(which.before)}`;
  return Number((await query.execute(db)).numAffectedRows ?? 0);
}

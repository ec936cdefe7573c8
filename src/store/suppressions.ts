import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Db, Tx } from './database.ts';

/** An identity that is not to be processed, by its keyed hash; nothing says whose it is. */
export interface Suppression {
  readonly token: string; // 64 hex digits
  readonly reason: string;
  readonly actor: string;
  readonly createdAt: Instant;
}

/** Puts hashes on the list and answers those that were not there yet; what is there keeps its reason. */
export async function insertSuppressions(tx: Tx, entries: readonly Suppression[]): Promise<readonly string[]> {
  if (entries.length === 0) return [];
  const rows = await tx
    .insertInto('suppression')
    .values(
      entries.map(({ token, reason, actor, createdAt }) => ({ token, reason, actor, created_at: new Date(createdAt) })),
    )
    .onConflict((it) => it.column('token').doNothing())
    .returning('token')
    .execute();
  return rows.map((row) => row.token);
}

/** Takes the hashes that begin so off the list and answers them; the caller sees to it that it is no more than one. */
export async function deleteSuppressions(tx: Tx, prefix: string): Promise<readonly string[]> {
  const rows = await tx
    .deleteFrom('suppression')
    .where(sql<boolean>`starts_with(token, ${prefix})`)
    .returning('token')
    .execute();
  return rows.map((row) => row.token);
}

/** A page of the list, newest first. */
export async function listSuppressions(
  db: Db,
  after: { readonly at: Instant; readonly token: string } | null,
  limit: number,
): Promise<readonly Suppression[]> {
  let query = db
    .selectFrom('suppression')
    .selectAll()
    .orderBy('created_at', 'desc')
    .orderBy('token', 'desc')
    .limit(limit);
  if (after !== null) {
    query = query.where(sql<boolean>`(created_at, token) < (${new Date(after.at)}, ${after.token})`);
  }
  const rows = await query.execute();
  return rows.map(({ token, reason, actor, created_at }) => ({ token, reason, actor, createdAt: created_at }));
}

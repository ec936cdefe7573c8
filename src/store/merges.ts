import type { Instant } from '../domain/instant.ts';
import type { MergeRecord } from '../domain/merge.ts';
import { plain } from './column.ts';
import type { Tx } from './database.ts';
import { type Session, sessionOf } from './session.ts';

/** A merge of two customers, with what taking it back needs. */
export interface Merge {
  readonly id: string;
  readonly survivorId: string;
  readonly absorbedId: string;
  readonly record: MergeRecord;
  readonly createdAt: Instant;
  readonly undoneAt: Instant | null;
}

/** Writes a merge. */
export async function insertMerge(
  tx: Tx,
  merge: Omit<Merge, 'undoneAt'> & { readonly reason: string; readonly actor: string },
): Promise<void> {
  await tx
    .insertInto('merge')
    .values({
      id: merge.id,
      survivor_id: merge.survivorId,
      absorbed_id: merge.absorbedId,
      record: JSON.stringify(merge.record),
      reason: merge.reason,
      actor: merge.actor,
      created_at: new Date(merge.createdAt),
    })
    .execute();
}

/** Reads a merge; null when there is none, or when what it kept was erased. */
export async function findMerge(tx: Tx, id: string): Promise<Merge | null> {
  const row = await tx.selectFrom('merge').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined || !('pairs' in row.record)) return null;
  return {
    id: row.id,
    survivorId: row.survivor_id,
    absorbedId: row.absorbed_id,
    record: row.record as MergeRecord,
    createdAt: row.created_at,
    undoneAt: row.undone_at,
  };
}

const NEWEST = {
  name: 'newest_merge',
  text: `select id, created_at from merge where undone_at is null and (survivor_id = any($1::uuid[]) or absorbed_id = any($1::uuid[]))
    order by created_at desc, id desc limit 1`,
};

/** The newest merge of a family that stands: the one that can be taken back. */
export async function newestMerge(
  session: Session,
  family: readonly string[],
): Promise<{ readonly id: string; readonly createdAt: Instant } | null> {
  const [row] = await session.run<{ id: string; created_at: number }>(NEWEST, [plain(family)]);
  return row === undefined ? null : { id: row.id, createdAt: row.created_at };
}

/** Marks a merge as taken back. */
export async function undoMerge(tx: Tx, id: string, at: Instant): Promise<void> {
  await tx
    .updateTable('merge')
    .set({ undone_at: new Date(at) })
    .where('id', '=', id)
    .execute();
}

/** Makes a customer an alias of another; the aliases that it has are repointed, so that an alias always names the root. */
export async function addAlias(
  tx: Tx,
  { absorbedId, survivorId, mergeId }: Readonly<Record<'absorbedId' | 'survivorId' | 'mergeId', string>>,
  at: Instant,
): Promise<void> {
  await tx
    .updateTable('customer_alias')
    .set({ customer_id: survivorId })
    .where('customer_id', '=', absorbedId)
    .execute();
  await tx
    .insertInto('customer_alias')
    .values({ alias_id: absorbedId, customer_id: survivorId, merge_id: mergeId, created_at: new Date(at) })
    .execute();
}

const REPOINT = {
  name: 'repoint_aliases',
  text: 'update customer_alias set customer_id = $2 where alias_id = any($1::uuid[])',
};

/** Makes an alias a root again, with the aliases that were its own. */
export async function removeAlias(tx: Tx, aliasId: string, own: readonly string[]): Promise<void> {
  await tx.deleteFrom('customer_alias').where('alias_id', '=', aliasId).execute();
  if (own.length > 0) await sessionOf(tx).run(REPOINT, [plain(own), aliasId]);
}

import { type Selectable, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { ScoreDocument, ScoreState } from '../domain/score-model.ts';
import type { Db, Tx } from './database.ts';
import type { ScoreModelTable } from './tables.ts';

/** A version of the score model. */
export interface ScoreModel {
  readonly version: number;
  readonly name: string;
  readonly state: ScoreState;
  readonly document: ScoreDocument;
  readonly revision: number;
  readonly actor: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly activatedAt: Instant | null;
  readonly retiredAt: Instant | null;
  readonly emit: boolean;
  readonly rescoredTo: string | null; // customers up to here are scored anew; null: all are
}

function modelOf(row: Selectable<ScoreModelTable>): ScoreModel {
  return {
    version: row.version,
    name: row.name,
    state: row.state,
    document: row.document as ScoreDocument,
    revision: row.revision,
    actor: row.actor,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    activatedAt: row.activated_at,
    retiredAt: row.retired_at,
    emit: row.emit,
    rescoredTo: row.rescored_to,
  };
}

/** Writes a draft and answers it with its version. */
export async function insertScoreModel(
  tx: Tx,
  draft: Pick<ScoreModel, 'name' | 'document' | 'actor'>,
  at: Instant,
): Promise<ScoreModel> {
  const { name, document, actor } = draft;
  const moments = { created_at: new Date(at), updated_at: new Date(at) };
  const values = { name, actor, document: JSON.stringify(document), ...moments };
  return modelOf(await tx.insertInto('score_model').values(values).returningAll().executeTakeFirstOrThrow());
}

/** One version; null when there is none. */
export async function findScoreModel(db: Db, version: number): Promise<ScoreModel | null> {
  const row = await db.selectFrom('score_model').selectAll().where('version', '=', version).executeTakeFirst();
  return row === undefined ? null : modelOf(row);
}

/** Every version, newest first; of some states where they are named. */
export async function listScoreModels(
  db: Db,
  states: readonly ScoreState[] | null = null,
): Promise<readonly ScoreModel[]> {
  let query = db.selectFrom('score_model').selectAll().orderBy('version', 'desc');
  if (states !== null) query = query.where('state', 'in', states);
  return (await query.execute()).map(modelOf);
}

/** The version that routes; null: nothing is scored. */
export async function activeScoreModel(db: Db): Promise<ScoreModel | null> {
  return (await listScoreModels(db, ['active']))[0] ?? null;
}

/** Lets one change of models at a time go on, and no scoring beside it, until the transaction ends. */
export async function lockScoreModels(tx: Tx): Promise<void> {
  // Whoever waits for it stands before every capture that is to be scored: rather not at all than for long.
  await sql`set local lock_timeout = '1s'`.execute(tx);
  await sql`lock table score_model in share row exclusive mode`.execute(tx);
  await sql`set local lock_timeout to default`.execute(tx);
}

/** Holds the active version until the transaction ends: it is not replaced meanwhile. */
export async function holdActiveModel(tx: Tx): Promise<ScoreModel | null> {
  await sql`lock table score_model in row exclusive mode`.execute(tx);
  return activeScoreModel(tx);
}

/** Writes a version as it is now. */
export async function updateScoreModel(tx: Tx, model: ScoreModel): Promise<void> {
  const moment = (at: Instant | null) => (at === null ? null : new Date(at));
  await tx
    .updateTable('score_model')
    .set({
      name: model.name,
      state: model.state,
      document: JSON.stringify(model.document),
      revision: model.revision,
      updated_at: new Date(model.updatedAt),
      activated_at: moment(model.activatedAt),
      retired_at: moment(model.retiredAt),
      emit: model.emit,
      rescored_to: model.rescoredTo,
    })
    .where('version', '=', model.version)
    .execute();
}

/** Customers after a place in the order of ids. */
export async function customersAfter(db: Db, after: string, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('customer')
    .select('id')
    .where('id', '>', after)
    .where('erased_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

const ROW = sql.ref('score_model.rescored_to');

/** Says how far the scoring after an activation has come, if nobody was faster. */
export async function advanceRescoring(tx: Tx, version: number, from: string, to: string | null): Promise<void> {
  await tx
    .updateTable('score_model')
    .set({ rescored_to: to })
    .where('version', '=', version)
    .where(sql<boolean>`${ROW} = ${from}::uuid`)
    .execute();
}

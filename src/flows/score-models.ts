import { canonicalJson } from '../domain/canonical.ts';
import { Fault } from '../domain/fault.ts';
import { faultOfModel, type ScoreDocument, type ScoreState } from '../domain/score-model.ts';
import type { Db, Tx } from '../store/database.ts';
import {
  activeScoreModel,
  findScoreModel,
  insertScoreModel,
  lockScoreModels,
  type ScoreModel,
  updateScoreModel,
} from '../store/score-models.ts';
import { type Act, auditAct } from './act.ts';

/** What a draft consists of. */
export interface ScoreDraft {
  readonly name: string;
  readonly document: ScoreDocument;
}

/** One version; throws `not_found`. */
export async function getScoreModel(db: Db, version: number): Promise<ScoreModel> {
  const model = await findScoreModel(db, version);
  if (model === null) throw new Fault('not_found', null, 'There is no such version of the score model.');
  return model;
}

function requireWhole(document: ScoreDocument): void {
  const fault = faultOfModel(document);
  if (fault !== null) throw new Fault('body_invalid', fault.path, fault.message);
}

/** Makes a draft; throws `body_invalid` where its parts do not fit together. */
export async function createScoreModel(tx: Tx, act: Act, draft: ScoreDraft): Promise<ScoreModel> {
  requireWhole(draft.document);
  const model = await insertScoreModel(tx, { ...draft, actor: act.actor }, act.at);
  await audit(tx, act, 'score_model.created', model);
  return model;
}

/** Replaces a draft whose revision was seen; throws `not_found`, `version_conflict`, `state_conflict` (no draft), `body_invalid`. */
export async function replaceScoreModel(
  tx: Tx,
  act: Act,
  version: number,
  seen: number,
  draft: ScoreDraft,
): Promise<ScoreModel> {
  await lockScoreModels(tx);
  const model = await getScoreModel(tx, version);
  requireState(model, ['draft']);
  if (model.revision !== seen) {
    throw new Fault('version_conflict', null, `The draft has revision ${model.revision} now.`);
  }
  requireWhole(draft.document);
  if (model.name === draft.name && canonicalJson(model.document) === canonicalJson(draft.document)) return model;
  return save(tx, act, 'score_model.changed', { ...model, ...draft, revision: model.revision + 1 });
}

/** Lets a draft be read beside the active version; again changes nothing. Throws `not_found`, `state_conflict`. */
export async function shadowScoreModel(tx: Tx, act: Act, version: number): Promise<ScoreModel> {
  await lockScoreModels(tx);
  const model = await getScoreModel(tx, version);
  requireState(model, ['draft', 'shadow']);
  return model.state === 'shadow' ? model : save(tx, act, 'score_model.shadowed', { ...model, state: 'shadow' });
}

/** Ends a version for good; again changes nothing. Without an active one nothing is scored. Throws `not_found`. */
export async function retireScoreModel(tx: Tx, act: Act, version: number): Promise<ScoreModel> {
  await lockScoreModels(tx);
  const model = await getScoreModel(tx, version);
  return model.state === 'retired' ? model : save(tx, act, 'score_model.retired', retired(model, act));
}

/** Why a version cannot become active as things stand; null: it can, or is. */
function activationFault(model: ScoreModel, former: ScoreModel | null, expected: number | null): Fault | null {
  if (former?.version === model.version) return null;
  if (model.state === 'retired') return wrongState(model);
  if ((former?.version ?? null) === expected) return null;
  const members = { active: former?.version ?? null };
  return new Fault('state_conflict', 'expected_active', 'Another version is active.', members);
}

/** Whether a version could become active just now, as it is read without any lock. */
export async function isActivable(db: Db, model: ScoreModel, expected: number | null): Promise<boolean> {
  return activationFault(model, await activeScoreModel(db), expected) === null;
}

const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Makes a draft or shadow the version that routes, if the active one is the one expected (null: none); everybody is scored anew
 * by a worker, and crossings that this brings are told only with `emit`. Throws `not_found`, `state_conflict`.
 */
export async function activateScoreModel(
  tx: Tx,
  act: Act,
  version: number,
  { emit, expected }: { readonly emit: boolean; readonly expected: number | null },
): Promise<ScoreModel> {
  await lockScoreModels(tx);
  const model = await getScoreModel(tx, version);
  const former = await activeScoreModel(tx);
  if (former?.version === version) return former;
  const fault = activationFault(model, former, expected);
  if (fault !== null) throw fault;
  if (former !== null) await save(tx, act, 'score_model.retired', retired(former, act));
  const next = { ...model, state: 'active' as const, emit, activatedAt: act.at, rescoredTo: FIRST };
  return save(tx, act, 'score_model.activated', next);
}

/** What is thrown where the version that was counted is not the one that became active. */
export function changedMeanwhile(): Fault {
  return new Fault('state_conflict', null, 'A version was changed at the same time: send it again.');
}

function retired(model: ScoreModel, { at }: Act): ScoreModel {
  return { ...model, state: 'retired', retiredAt: at, rescoredTo: null };
}

function requireState(model: ScoreModel, states: readonly ScoreState[]): void {
  if (!states.includes(model.state)) throw wrongState(model);
}

function wrongState({ state }: ScoreModel): Fault {
  return new Fault('state_conflict', null, `The version is ${state}: it cannot change so any more.`, { state });
}

async function save(tx: Tx, act: Act, action: string, model: ScoreModel): Promise<ScoreModel> {
  const saved = { ...model, updatedAt: Math.max(model.updatedAt, act.at) };
  await updateScoreModel(tx, saved);
  await audit(tx, act, action, saved);
  return saved;
}

function audit(tx: Tx, act: Act, action: string, { version, name, state, emit }: ScoreModel): Promise<void> {
  return auditAct(tx, act, action, { kind: 'score_model', id: String(version) }, { name, state, emit });
}

import { formatInstant, momentOf } from '../../domain/instant.ts';
import type { ScoreModel } from '../../store/score-models.ts';
import type { ScoreModelAnswer } from '../schemas/score-model.ts';

/** A version of the score model as it is answered. */
export function scoreModelAnswer(model: ScoreModel): ScoreModelAnswer {
  const { version, name, state, document, revision, actor } = model;
  return {
    version,
    name,
    state,
    document: document as ScoreModelAnswer['document'],
    revision,
    actor,
    created_at: formatInstant(model.createdAt),
    updated_at: formatInstant(model.updatedAt),
    activated_at: momentOf(model.activatedAt),
    retired_at: momentOf(model.retiredAt),
    rescoring: model.rescoredTo !== null,
  };
}

import { formatInstant } from '../../domain/instant.ts';
import { countCrossings } from '../../flows/count-crossings.ts';
import { activateScoreModel, changedMeanwhile, getScoreModel, isActivable } from '../../flows/score-models.ts';
import { actOf } from '../act.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { ActivationAnswer, ActivationBody, COUNTED_MAX } from '../schemas/score-activation.ts';
import { VersionParams } from '../schemas/score-model.ts';
import { scoreModelAnswer } from '../views/score-model.ts';

/** POST /v1/score-models/:version/activate. */
export const scoreActivationRoutes: Routes = (app, deps) => {
  const { db, clock } = deps;
  app.post('/v1/score-models/:version/activate', {
    schema: {
      tags: ['configuration'],
      summary: '启用: let a version route',
      description:
        'Answers how many open leads it moves, counted just before the change; with `dry_run` it only counts. The former version is retired, and a worker scores everybody anew: crossings that the change itself brings are told only with `emit`.',
      params: VersionParams,
      body: ActivationBody,
      response: { 200: ActivationAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: ['state_conflict'] },
    handler: async (request, reply) => {
      const { expected_active: expected, emit = false, dry_run = false } = request.body;
      const { version } = request.params;
      const seen = await getScoreModel(db, version);
      // Counted before the transaction of the change: counting may take half a minute, and nothing waits for that.
      const counts = dry_run || (await isActivable(db, seen, expected));
      const counted = counts ? await countCrossings(db, seen.document, clock(), COUNTED_MAX) : null;
      await idempotent(deps, request, reply, async (tx) => {
        const activated = dry_run
          ? seen
          : await activateScoreModel(tx, actOf(request, deps), version, { emit, expected });
        if (counted === null || activated.revision !== seen.revision) throw changedMeanwhile();
        const { at, open, ...moved } = counted;
        const figures = { counted_at: formatInstant(at), open_leads: open, ...moved };
        return { status: 200, headers: {}, body: { model: scoreModelAnswer(activated), dry_run, ...figures } };
      });
    },
  });
};

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Act } from '../../flows/act.ts';
import {
  createScoreModel,
  getScoreModel,
  replaceScoreModel,
  retireScoreModel,
  shadowScoreModel,
} from '../../flows/score-models.ts';
import type { Tx } from '../../store/database.ts';
import { listScoreModels, type ScoreModel } from '../../store/score-models.ts';
import { actOf } from '../act.ts';
import type { Routes } from '../deps.ts';
import { type Answer, idempotent } from '../idempotency.ts';
import { etag, IfMatchHeaders, ifMatch } from '../if-match.ts';
import { ScoreModelAnswer, ScoreModelBody, ScoreModelListAnswer, VersionParams } from '../schemas/score-model.ts';
import { scoreModelAnswer } from '../views/score-model.ts';

const SCOPE = 'admin';

/** /v1/score-models: by which documents people are scored. */
export const scoreModelRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.post('/v1/score-models', {
    schema: {
      tags: ['configuration'],
      summary: '新建评分模型: make a draft',
      description: 'A version that can be changed until it is a shadow or active; nothing is scored by a draft.',
      body: ScoreModelBody,
      response: { 201: ScoreModelAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const answer = answerOf(await createScoreModel(tx, actOf(request, deps), request.body));
        return { ...answer, status: 201 };
      }),
  });

  app.get('/v1/score-models', {
    schema: {
      tags: ['configuration'],
      summary: '评分模型: every version',
      description: 'Newest first.',
      response: { 200: ScoreModelListAnswer },
    },
    config: { scope: SCOPE },
    handler: async () => ({ items: (await listScoreModels(db)).map(scoreModelAnswer) }),
  });

  app.get('/v1/score-models/:version', {
    schema: {
      tags: ['configuration'],
      summary: '评分模型: one version',
      description: 'The ETag is its revision, for If-Match.',
      params: VersionParams,
      response: { 200: ScoreModelAnswer },
    },
    config: { scope: SCOPE },
    handler: async ({ params }, reply) => {
      const model = await getScoreModel(db, params.version);
      reply.header('etag', etag(model.revision));
      return scoreModelAnswer(model);
    },
  });

  app.put('/v1/score-models/:version', {
    schema: {
      tags: ['configuration'],
      summary: '修改草稿: replace a draft',
      description: 'Once it is no draft any more a version never changes: make another one.',
      params: VersionParams,
      headers: IfMatchHeaders,
      body: ScoreModelBody,
      response: { 200: ScoreModelAnswer },
    },
    config: { scope: SCOPE, idempotent: true, problems: ['version_required', 'version_conflict', 'state_conflict'] },
    handler: (request, reply) => {
      const seen = ifMatch(request);
      return idempotent(deps, request, reply, async (tx) => {
        const { version } = request.params;
        return answerOf(await replaceScoreModel(tx, actOf(request, deps), version, seen, request.body));
      });
    },
  });

  const move =
    (change: (tx: Tx, act: Act, version: number) => Promise<ScoreModel>) =>
    (request: FastifyRequest<{ Params: VersionParams }>, reply: FastifyReply) =>
      idempotent(deps, request, reply, async (tx) =>
        answerOf(await change(tx, actOf(request, deps), request.params.version)),
      );
  const moved = { params: VersionParams, response: { 200: ScoreModelAnswer } };
  app.post('/v1/score-models/:version/shadow', {
    schema: {
      tags: ['configuration'],
      summary: '影子运行: score beside the active version',
      description: 'Its scores can be read with those of the active version and route nothing. Again for no change.',
      ...moved,
    },
    config: { scope: SCOPE, idempotent: true, problems: ['state_conflict'] },
    handler: move(shadowScoreModel),
  });
  app.post('/v1/score-models/:version/retire', {
    schema: {
      tags: ['configuration'],
      summary: '停用: end a version',
      description: 'For good. Without an active version nothing is scored and no band is told. Again for no change.',
      ...moved,
    },
    config: { scope: SCOPE, idempotent: true },
    handler: move(retireScoreModel),
  });
};

function answerOf(model: ScoreModel): Answer {
  return { status: 200, headers: { etag: etag(model.revision) }, body: scoreModelAnswer(model) };
}

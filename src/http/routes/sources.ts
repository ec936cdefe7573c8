import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SourceState } from '../../domain/source.ts';
import {
  createSourceIn,
  getSource,
  ROTATION_OVERLAP_SECONDS,
  rotateSourceSecretIn,
  switchSourceIn,
  updateSourceIn,
} from '../../flows/sources.ts';
import { listSources } from '../../store/sources.ts';
import { actOf } from '../act.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { etag, IfMatchHeaders, ifMatch } from '../if-match.ts';
import { IdParams } from '../schemas/id-params.ts';
import {
  RotationBody,
  SourceAnswer,
  SourceBody,
  SourceChangeBody,
  SourceListAnswer,
  SourceWithSecretAnswer,
  withTextIds,
} from '../schemas/source.ts';
import { sourceAnswer } from '../views/source.ts';

const SCOPE = ['ops', 'admin'] as const;
const SECRET_ONCE =
  'The secret is shown this once and kept encrypted. Under an Idempotency-Key the answer is kept too, encrypted, and the same key gets it again.';

/** /v1/sources: the configured ways in. */
export const sourceRoutes: Routes = (app, deps) => {
  const { db, vault, forgetKeys } = deps;
  app.post('/v1/sources', {
    schema: {
      tags: ['configuration'],
      summary: '新建来源: make a source',
      description: SECRET_ONCE,
      body: SourceBody,
      response: { 201: SourceWithSecretAnswer },
    },
    config: { scope: SCOPE, idempotent: true, problems: ['state_conflict'] },
    onSend: () => deps.inbound.book.refresh(),
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { source, secret, address } = await createSourceIn(
          tx,
          vault,
          actOf(request, deps),
          withTextIds(request.body),
        );
        const headers = { location: `/v1/sources/${source.id}`, etag: etag(source.version) };
        return { status: 201, headers, body: { ...sourceAnswer(source), secret, address } };
      }),
  });

  app.get('/v1/sources', {
    schema: {
      tags: ['configuration'],
      summary: '来源: all sources',
      description: 'By name.',
      response: { 200: SourceListAnswer },
    },
    config: { scope: SCOPE },
    handler: async () => ({ items: (await listSources(db)).map(sourceAnswer) }),
  });

  app.get('/v1/sources/:id', {
    schema: {
      tags: ['configuration'],
      summary: '来源: one source',
      description: 'The ETag is its version, for If-Match.',
      params: IdParams,
      response: { 200: SourceAnswer },
    },
    config: { scope: SCOPE },
    handler: async ({ params }, reply) => {
      const source = await getSource(db, params.id);
      reply.header('etag', etag(source.version));
      return sourceAnswer(source);
    },
  });

  // Keys carry the rules of their source: this process asks again for those of a source that has changed.
  const onSend = async ({ params }: FastifyRequest) => {
    forgetKeys(({ source }) => source.id === (params as IdParams).id.toLowerCase());
    await deps.inbound.book.refresh();
  };
  app.patch('/v1/sources/:id', {
    schema: {
      tags: ['configuration'],
      summary: '修改来源: change a source',
      description:
        'What is left out stays; `defaults` and `settings` are replaced whole. Counts at once in this process, and within CLEW_KEY_CACHE_SECONDS in others.',
      params: IdParams,
      headers: IfMatchHeaders,
      body: SourceChangeBody,
      response: { 200: SourceAnswer },
    },
    config: {
      scope: SCOPE,
      idempotent: true,
      problems: ['version_required', 'version_conflict', 'state_conflict'],
    },
    onSend,
    handler: (request, reply) => {
      const version = ifMatch(request);
      return idempotent(deps, request, reply, async (tx) => {
        const change = withTextIds(request.body);
        const source = await updateSourceIn(tx, vault, actOf(request, deps), request.params.id, version, change);
        return { status: 200, headers: { etag: etag(source.version) }, body: sourceAnswer(source) };
      });
    },
  });

  app.post('/v1/sources/:id/rotate-secret', {
    schema: {
      tags: ['configuration'],
      summary: '轮换密钥: give a source a new secret',
      description: `The former secret still works for \`overlap_seconds\` (${ROTATION_OVERLAP_SECONDS} where left out), an older one no longer. ${SECRET_ONCE}`,
      params: IdParams,
      body: RotationBody,
      response: { 200: SourceWithSecretAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    onSend,
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { overlap_seconds: overlap = ROTATION_OVERLAP_SECONDS, ...given } = request.body;
        const rotation = { overlap, ...given };
        const act = actOf(request, deps);
        const { source, secret } = await rotateSourceSecretIn(tx, vault, act, request.params.id, rotation);
        const headers = { etag: etag(source.version) };
        return { status: 200, headers, body: { ...sourceAnswer(source), secret, address: null } };
      }),
  });

  const switchTo = (state: SourceState) => (request: FastifyRequest<{ Params: IdParams }>, reply: FastifyReply) =>
    answerSwitched(deps, request, reply, state);
  app.post('/v1/sources/:id/pause', {
    schema: {
      tags: ['configuration'],
      summary: '暂停来源: stop a source',
      description: 'What comes by it is refused as `source_paused` until it is resumed. Again for no change.',
      params: IdParams,
      response: { 200: SourceAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    onSend,
    handler: switchTo('paused'),
  });
  app.post('/v1/sources/:id/resume', {
    schema: {
      tags: ['configuration'],
      summary: '恢复来源: let a paused source go on',
      description: 'Again for no change.',
      params: IdParams,
      response: { 200: SourceAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    onSend,
    handler: switchTo('active'),
  });
};

function answerSwitched(
  deps: RouteDeps,
  request: FastifyRequest<{ Params: IdParams }>,
  reply: FastifyReply,
  state: SourceState,
): Promise<void> {
  return idempotent(deps, request, reply, async (tx) => {
    const source = await switchSourceIn(tx, actOf(request, deps), request.params.id, state);
    return { status: 200, headers: { etag: etag(source.version) }, body: sourceAnswer(source) };
  });
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Reply } from '../../channels/channel.ts';
import { receivePush } from '../../flows/receive-push.ts';
import { type LoadedSource, setupOf } from '../../flows/source-book.ts';
import type { App, Routes } from '../deps.ts';
import { problem } from '../problem.ts';
import { problemOf, sendProblem } from '../problem-handler.ts';
import { pushOf, readAnyBodies } from '../push-of.ts';
import { createRateLimiter } from '../rate-limit.ts';

const HookParams = Type.Object({
  source: Type.String({
    minLength: 1,
    maxLength: 128,
    description: '推送地址: the secret part, as it was shown when the source was made.',
    examples: ['Yk3hQ0…'],
  }),
});
type HookParams = Static<typeof HookParams>;

// An address that nobody knows costs a look at the sources: so many a minute from one sender, then it waits.
const UNKNOWN_PER_MINUTE = 60;

const ANSWER =
  'Answered as the platform needs it, status and body: the README has a section for each. A push that cannot be used is kept in quarantine and acknowledged; only what is not authentic, too large, or can be kept nowhere is not.';

/** POST and GET /v1/hooks/:source: the ways in of platforms. The bytes are left as they came: they are what is signed. */
export const hookRoutes: Routes = (app, deps) => {
  app.register(async (hooks: App) => {
    readAnyBodies(hooks);
    const unknown = createRateLimiter();

    const find = async (request: FastifyRequest): Promise<LoadedSource> => {
      const now = deps.clock();
      const known = unknown.look(request.ip, UNKNOWN_PER_MINUTE, now);
      const { source: token } = request.params as HookParams;
      const loaded = known.exceeded ? null : await deps.inbound.book.byAddress(token);
      if (loaded !== null) return loaded;
      const { exceeded, resetSeconds } = unknown.take(request.ip, UNKNOWN_PER_MINUTE, now);
      if (exceeded) throw problem('rate_limited', { retryAfterSeconds: resetSeconds });
      throw problem('not_found', { detail: 'No source has this address.' });
    };

    const handler = async (request: FastifyRequest, reply: FastifyReply) => {
      const loaded = await find(request);
      // Which fastify routes as a GET: it asks whether something is here, and is to change nothing.
      if (request.method === 'HEAD') return reply.code(200).send();
      const { ip, id: requestId } = request;
      const push = pushOf(request, deps.clock());
      return answer(reply, await receivePush(deps.inbound, loaded, push, { ip, requestId }));
    };

    // A body that is too large, or cut off, is answered in the platform's own form too.
    hooks.setErrorHandler(async (error, request, reply) => {
      const found = problemOf(error);
      const loaded = found.code === 'body_too_large' ? await find(request).catch(() => null) : null;
      if (loaded === null) return sendProblem(request, reply, found);
      request.problem = found;
      return answer(reply, loaded.channel.acknowledge('too_large', setupOf(loaded, deps.clock())));
    });

    const responses = { 200: Type.Unknown({ description: ANSWER }) };
    hooks.post('/v1/hooks/:source', {
      schema: {
        tags: ['capture'],
        summary: '平台推送: a push of a platform',
        description: ANSWER,
        params: HookParams,
        response: responses,
      },
      config: { scope: 'public', problems: ['rate_limited', 'database_unavailable'] },
      handler,
    });
    hooks.get('/v1/hooks/:source', {
      schema: {
        tags: ['capture'],
        summary: '地址校验: a check of the address by its platform',
        description: `Some platforms ask by GET whether the address is ours, once or again and again. ${ANSWER}`,
        params: HookParams,
        response: responses,
      },
      config: { scope: 'public', problems: ['rate_limited', 'database_unavailable'] },
      handler,
    });
  });
};

/** Sends an answer as it is: no serialisation, no charset that a platform did not ask for. */
function answer(reply: FastifyReply, { status, contentType, body }: Reply): FastifyReply {
  reply.code(status);
  if (contentType === null) return reply.send();
  return reply.header('content-type', contentType).serializer(String).send(body);
}

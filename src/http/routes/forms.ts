import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { createPhoneCounts } from '../../flows/phone-counts.ts';
import { receiveForm } from '../../flows/receive-form.ts';
import type { LoadedSource } from '../../flows/source-book.ts';
import type { App, Routes } from '../deps.ts';
import { answerReceived, answerRefused, problemOfForm } from '../form-answer.ts';
import { allowedOrigin, mayPost } from '../form-sender.ts';
import { problem } from '../problem.ts';
import { problemOf } from '../problem-handler.ts';
import { pushOf, readAnyBodies } from '../push-of.ts';
import { createRateLimiter } from '../rate-limit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No CORS by the settings of the process: the route has its own. */
    cors?: false;
  }
}

const FormParams = Type.Object({
  source: Type.String({
    minLength: 1,
    maxLength: 128,
    description: '来源 id of the kind `form`: no secret, every visitor of the page sees it.',
    examples: ['019b2f5e-6d00-7000-8000-000000000000'],
  }),
});
type FormParams = Static<typeof FormParams>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const PER_IP_PER_MINUTE = 30;
const UNKNOWN_PER_MINUTE = 60; // as hooks have it
const PREFLIGHT_SECONDS = '600';

const ABOUT =
  'For the pages themselves, without a key: urlencoded, multipart or JSON. A script (JSON, `Accept: application/json`, `X-Requested-With`, fetch) gets `{"status":"received"}`, a plain form 303 to its field `redirect` where `settings.form.redirects` allows it, else a small page. Nothing tells what was decided, and what is suspected of a bot is answered as success and kept in quarantine. A phone that is none is answered 422, and kept too.';

/** POST /v1/forms/:source, and the preflight that browsers send before: the way in of landing pages. */
export const formRoutes: Routes = (app, deps) => {
  app.register(async (forms: App) => {
    readAnyBodies(forms);
    const unknown = createRateLimiter();
    const senders = createRateLimiter();
    const receiving = {
      ...deps.inbound,
      vault: deps.vault,
      region: deps.limits.defaultRegion,
      phones: createPhoneCounts(),
    };
    const found = new WeakMap<FastifyRequest, LoadedSource>();

    const find = async (request: FastifyRequest): Promise<LoadedSource> => {
      const now = deps.clock();
      const { source: id } = request.params as FormParams;
      const known = UUID.test(id) && !unknown.look(request.ip, UNKNOWN_PER_MINUTE, now).exceeded;
      const loaded = known ? await deps.inbound.book.byId(id.toLowerCase()) : null;
      if (loaded?.source.kind === 'form') return loaded;
      const { exceeded, resetSeconds } = unknown.take(request.ip, UNKNOWN_PER_MINUTE, now);
      if (exceeded) throw problem('rate_limited', { retryAfterSeconds: resetSeconds });
      throw problem('not_found', { detail: 'No source of the kind form has this id.' });
    };

    // Before the body is read, and so that an answer to what is wrong with it can be read by the page too.
    const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('vary', 'Origin');
      const loaded = await find(request);
      found.set(request, loaded);
      const listed = loaded.source.settings.form?.origins ?? [];
      const origin = allowedOrigin(request.headers.origin, listed);
      if (origin !== null) {
        reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after' });
      }
      if (request.method === 'OPTIONS') return;
      const most = loaded.source.settings.form?.per_ip_per_minute ?? PER_IP_PER_MINUTE;
      const { exceeded, resetSeconds } = senders.take(`${loaded.source.id} ${request.ip}`, most, deps.clock());
      if (exceeded) throw problem('rate_limited', { retryAfterSeconds: resetSeconds });
      if (!mayPost(request, listed)) throw problem('origin_not_allowed');
    };

    forms.setErrorHandler((error, request, reply) => answerRefused(request, reply, problemOf(error)));

    forms.post('/v1/forms/:source', {
      schema: {
        tags: ['capture'],
        summary: '落地页表单: a form of a landing page',
        description: ABOUT,
        params: FormParams,
        response: { 200: Type.Unknown({ description: 'Received: `{"status":"received"}`, or a page that says so.' }) },
      },
      config: {
        scope: 'public',
        cors: false, // the source says which pages may call
        problems: [
          'origin_not_allowed',
          'field_not_allowed',
          'phone_invalid',
          'phone_masked',
          'phone_scientific_notation',
          'phone_relay',
          'phone_not_personal',
          'phone_empty',
          'unparsable',
          'rate_limited',
          'not_found',
          'database_unavailable',
        ],
      },
      onRequest,
      handler: async (request, reply) => {
        const loaded = found.get(request) ?? (await find(request));
        const { ip, id: requestId } = request;
        const verdict = await receiveForm(receiving, loaded, pushOf(request, deps.clock()), { ip, requestId });
        if (verdict.kind !== 'received') throw problemOfForm(verdict);
        return answerReceived(request, reply, verdict.redirect, loaded.source.settings.form?.thanks);
      },
    });

    forms.options('/v1/forms/:source', {
      config: { scope: 'public', cors: false },
      onRequest,
      handler: async (_request, reply) =>
        reply
          .code(204)
          .headers({
            'access-control-allow-methods': 'POST',
            'access-control-allow-headers': 'content-type, x-requested-with',
            'access-control-max-age': PREFLIGHT_SECONDS,
          })
          .send(),
    });
  });
};

import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { LoadedSource } from '../flows/source-book.ts';
import type { App, RouteDeps } from './deps.ts';
import { allowedOrigin, mayPost } from './form-sender.ts';
import { problem } from './problem.ts';
import { type Allowance, createRateLimiter } from './rate-limit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No CORS by the settings of the process: the route has its own. */
    cors?: false;
  }
}

/** The path of what pages post to. */
export const FormParams = Type.Object({
  source: Type.String({
    minLength: 1,
    maxLength: 128,
    description: '来源 id of the kind `form`: no secret, every visitor of the page sees it.',
    examples: ['019b2f5e-6d00-7000-8000-000000000000'],
  }),
});

/** What lets pages in to a source of the kind `form`. */
export interface FormGate {
  /** Before the body is read: finds the source, allows its pages by CORS, and throws where this one may not post. */
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** The source that a request found. */
  readonly sourceOf: (request: FastifyRequest) => LoadedSource;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const UNKNOWN_PER_MINUTE = 60; // as hooks have it
const PREFLIGHT_SECONDS = '600';

/** A gate that counts what is posted by `count`, which throws `rate_limited` where it is too much. */
export function createFormGate(
  { inbound, clock }: Pick<RouteDeps, 'inbound' | 'clock'>,
  count: (request: FastifyRequest, loaded: LoadedSource) => void,
): FormGate {
  const unknown = createRateLimiter();
  const found = new WeakMap<FastifyRequest, LoadedSource>();

  const find = async (request: FastifyRequest): Promise<LoadedSource> => {
    const now = clock();
    const { source: id } = request.params as Static<typeof FormParams>;
    const known = UUID.test(id) && !unknown.look(request.ip, UNKNOWN_PER_MINUTE, now).exceeded;
    const loaded = known ? await inbound.book.byId(id.toLowerCase()) : null;
    if (loaded?.source.kind === 'form') return loaded;
    requireRoom(unknown.take(request.ip, UNKNOWN_PER_MINUTE, now));
    throw problem('not_found', { detail: 'No source of the kind form has this id.' });
  };

  return {
    // So early that an answer to what is wrong with the body can be read by the page too.
    onRequest: async (request, reply) => {
      reply.header('vary', 'Origin');
      const loaded = await find(request);
      found.set(request, loaded);
      const listed = loaded.source.settings.form?.origins ?? [];
      const origin = allowedOrigin(request.headers.origin, listed);
      if (origin !== null) {
        reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after' });
      }
      if (request.method === 'OPTIONS') return;
      count(request, loaded);
      if (!mayPost(request, listed)) throw problem('origin_not_allowed');
    },
    sourceOf: (request) => {
      const loaded = found.get(request);
      if (loaded === undefined) throw new Error('a request came past the gate of forms');
      return loaded;
    },
  };
}

/** Throws `rate_limited` where a name has had its share of the minute. */
export function requireRoom({ exceeded, resetSeconds }: Allowance): void {
  if (exceeded) throw problem('rate_limited', { retryAfterSeconds: resetSeconds });
}

/** Answers the preflight that browsers send before scripts may post to a path. */
export function answerPreflight(app: App, path: string, { onRequest }: FormGate): void {
  app.options(path, {
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
}

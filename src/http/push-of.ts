import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Push } from '../channels/channel.ts';
import type { Instant } from '../domain/instant.ts';

declare module 'fastify' {
  interface FastifyRequest {
    sentType: string | null; // the Content-Type as it was sent; null: none
  }
}

/** Takes bodies of every type as bytes, and of no type or a malformed one too: what a sender calls its body loses no push. */
export function readAnyBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.decorateRequest('sentType', null);
  app.addHook('onRequest', (request, _reply, done) => {
    request.sentType = request.raw.headers['content-type'] ?? null;
    if (request.method === 'POST') request.raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
}

const NO_BYTES = Buffer.alloc(0);

/** The bytes of a body that was taken so; none where there is no body. */
export function bytesOf({ body }: Pick<FastifyRequest, 'body'>): Buffer {
  return Buffer.isBuffer(body) ? body : NO_BYTES;
}

/** A request as its channel sees it: the bytes as they came, names of headers in lower case. */
export function pushOf(request: FastifyRequest, receivedAt: Instant): Push {
  const [path = '', ...query] = request.url.split('?');
  return {
    method: request.method === 'GET' ? 'GET' : 'POST',
    path,
    query: query.join('?'),
    headers: headersOf(request, request.sentType),
    body: bytesOf(request),
    receivedAt,
  };
}

function headersOf({ headers }: FastifyRequest, sentType: string | null): Readonly<Record<string, string>> {
  const { 'content-type': _type, ...others } = headers;
  const entries = Object.entries({ ...others, ...(sentType === null ? {} : { 'content-type': sentType }) }).flatMap(
    ([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const]),
  );
  return Object.fromEntries(entries);
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type JsonLimits, parseJson } from './parse-json.ts';
import { problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    rawBody: Buffer | null; // the bytes of the body as they arrived; null without one
  }
}

const CHARSET = /;\s*charset\s*=\s*"?([^;"\s]+)/i;

/** Reads JSON bodies and nothing else; the bytes stay on the request as `rawBody`. The size limit is fastify's `bodyLimit`. */
export function readJsonBodies(app: FastifyInstance, limits: JsonLimits): void {
  app.decorateRequest('rawBody', null);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let value: unknown;
    try {
      refuseEncodings(request);
      request.rawBody = body as Buffer;
      value = parseJson(body as Buffer, limits);
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, value);
  });
}

function refuseEncodings({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw problem('encoding_unsupported');
  const charset = CHARSET.exec(headers['content-type'] ?? '')?.[1];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) throw problem('charset_unsupported');
}

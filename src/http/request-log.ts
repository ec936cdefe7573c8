import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { logFault } from '../domain/log-fault.ts';

/**
 * Writes one line per request when it has been answered: `request.completed`. It names the route and not the address,
 * the key and not its secret, and nothing of the body or the query.
 */
export function logRequests(app: FastifyInstance, log: FastifyBaseLogger): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.statusCode >= 500) log.error(lineOf(request, reply), 'request.completed');
    else log.info(lineOf(request, reply), 'request.completed');
    done();
  });
}

function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  const { problem } = request;
  return {
    request_id: request.id,
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 100) / 100,
    ...(request.grant === null ? {} : { key_id: request.grant.id }),
    ...(problem === null ? {} : { code: problem.code }),
    // What the caller is not told.
    ...(reply.statusCode < 500 || problem?.cause === undefined ? {} : { fault: logFault(problem.cause) }),
  };
}

// A mobile number alone or with its country code; a longer run of digits (a time, a snowflake id) is none.
const LOOKS_LIKE_PHONE = /(?:^|\D)(?:86)?1[3-9]\d{9}(?:\D|$)/;
const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$/;

/** The request id that a caller sent, where it is 8 to 128 plain characters and no phone: it goes into log and answers. */
export function inboundRequestId(header: string | readonly string[] | undefined): string | null {
  if (typeof header !== 'string' || !WELL_FORMED.test(header) || LOOKS_LIKE_PHONE.test(header)) return null;
  return header;
}

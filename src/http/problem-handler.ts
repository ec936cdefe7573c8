import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../domain/fault.ts';
import { isDatabaseUnavailable } from './database-fault.ts';
import { isProblem, PROBLEM_MEDIA_TYPE, type Problem, problem, problemDocument } from './problem.ts';
import { isProblemCode, PROBLEMS, type ProblemCode } from './problem-codes.ts';

declare module 'fastify' {
  interface FastifyRequest {
    problem: Problem | null; // what was answered, for the log
  }
}

/** Makes every error of every route a problem document. */
export function answerProblems(app: FastifyInstance): void {
  app.decorateRequest('problem', null);
  app.setErrorHandler((error, request, reply) => sendProblem(request, reply, problemOf(error)));
}

/** Answers a problem and remembers it for the log. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, found: Problem): FastifyReply {
  const { details, code } = found;
  request.problem = found;
  if (details.headers !== undefined) reply.headers(details.headers);
  const retryAfter = details.retryAfterSeconds ?? RETRY_AFTER_SECONDS[code];
  if (retryAfter !== undefined) reply.header('retry-after', Math.max(1, Math.ceil(retryAfter)));
  return reply
    .code(PROBLEMS[code].status)
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemDocument(found, request.id)));
}

const RETRY_AFTER_SECONDS: Readonly<Partial<Record<ProblemCode, number>>> = {
  overloaded: 1,
  database_unavailable: 2,
  not_ready: 1,
};

/** The problem that something thrown stands for; `internal` where nobody foresaw it. */
export function problemOf(thrown: unknown): Problem {
  if (isProblem(thrown)) return thrown;
  if (thrown instanceof Fault) return faultProblem(thrown);
  const { code, retryAfterSeconds } = (thrown ?? {}) as {
    readonly code?: unknown;
    readonly retryAfterSeconds?: unknown;
  };
  if (isDatabaseUnavailable(thrown)) return problem('database_unavailable', { cause: thrown });
  if (isProblemCode(code)) {
    return problem(code, { cause: thrown, ...(typeof retryAfterSeconds === 'number' ? { retryAfterSeconds } : {}) });
  }
  const known = FRAMEWORK_CODES.get(code);
  if (known !== undefined) return problem(known);
  return problem('internal', { cause: thrown });
}

/** A refusal by a flow: its message is meant for the caller, its path is that of the field. */
function faultProblem({ code, path, message, members }: Fault): Problem {
  const errors = path === null ? {} : { errors: [{ path: pathOf(path), code: 'refused', message }] };
  return problem(code, { detail: message, members, ...errors });
}

/** `defaults.store` as a JSON pointer; one that is a pointer already stays. */
function pathOf(path: string): string {
  return path.startsWith('/') ? path : `/${path.replaceAll('.', '/')}`;
}

const FRAMEWORK_CODES: ReadonlyMap<unknown, ProblemCode> = new Map([
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'media_type_unsupported'],
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body_too_large'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'body_incomplete'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'body_empty'],
  ['FST_ERR_BAD_URL', 'url_malformed'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'url_too_long'],
  ['FST_ERR_NOT_FOUND', 'route_not_found'],
  ['ECONNRESET', 'body_incomplete'], // the client hung up while it was sending
]);

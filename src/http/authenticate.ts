import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Instant } from '../domain/instant.ts';
import type { KeyGrant, KeyScope } from '../domain/key.ts';
import { hasScope, requireScope } from './actor.ts';
import { headerProblem, headerText } from './header-text.ts';
import { createKeyCache, type KeyCache, nameOfSecret } from './key-cache.ts';
import { problem } from './problem.ts';
import { type Allowance, createRateLimiter } from './rate-limit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a key needs for this route, of a list any one; `public`: no key. Every route under /v1 declares it. */
    scope?: KeyScope | readonly [KeyScope, ...KeyScope[]] | 'public';
  }
}

/** What authentication needs. */
export interface Authentication {
  readonly findKey: (hash: Buffer) => Promise<KeyGrant | null>;
  readonly keyCacheSeconds: number;
  readonly rateLimitPerMinute: number; // of a key without a limit of its own; 0: none
  readonly clock: () => Instant;
}

// An address that keeps sending keys nobody knows costs a look-up each: 60 a minute, then it waits.
const FAILURES_PER_MINUTE = 60;
const BEARER = /^Bearer +(clew_[A-Za-z0-9_-]{43})$/i;
const ADVISER = /^adviser:(.+)$/s;

/** Asks every route that declares a scope for a key: who it is, what it may, and how often. Answers how to forget changed keys. */
export function authenticate(app: FastifyInstance, options: Authentication): KeyCache['forget'] {
  const cache = createKeyCache(options.findKey, options.keyCacheSeconds);
  const requests = createRateLimiter();
  const failures = createRateLimiter();
  app.decorateRequest('grant', null);
  app.decorateRequest('onBehalfOf', null);
  app.decorateRequest('accessReason', null);

  app.addHook('onRoute', ({ url, config }) => {
    if (url.startsWith('/v1') && config?.scope === undefined) throw new Error(`the route ${url} declares no scope`);
  });

  const admit = (
    request: FastifyRequest,
    reply: FastifyReply,
    grant: KeyGrant | null,
    now: Instant,
  ): Error | undefined => {
    try {
      if (grant === null || !isAlive(grant, now)) throw refuse(failures.take(request.ip, FAILURES_PER_MINUTE, now));
      request.grant = grant;
      limit(reply, requests.take(grant.id, grant.rateLimit ?? options.rateLimitPerMinute, now));
      permit(request, grant);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };
  // Callbacks and not promises: a known key, which is nearly every request, costs no turn of the event loop.
  app.addHook('onRequest', (request, reply, done) => {
    const { scope } = request.routeOptions.config;
    if (scope === undefined || scope === 'public') return done();
    const now = options.clock();
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (secret === undefined) return done(admit(request, reply, null, now));
    // Only hashes are looked up and compared, so the time that it takes says nothing of a secret.
    const name = nameOfSecret(secret);
    const known = cache.known(name, now);
    if (known !== undefined) return done(admit(request, reply, known, now));
    const flood = failures.look(request.ip, FAILURES_PER_MINUTE, now);
    // Somebody else's flood from behind the same proxy does not lock out a key that has worked before.
    if (flood.exceeded && !cache.hasWorked(name)) return done(tooMany(flood));
    cache.look(name, now).then((grant) => done(admit(request, reply, grant, now)), done);
  });
  return cache.forget;
}

/** One answer, whatever is wrong with the key: missing, malformed, unknown, revoked, expired. */
function refuse(allowance: Allowance): Error {
  if (allowance.exceeded) return tooMany(allowance);
  return problem('unauthenticated', { headers: { 'www-authenticate': 'Bearer' } });
}

function isAlive({ expiresAt, revokedAt }: KeyGrant, now: Instant): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** Says how the key stands in headers; throws `rate_limited`. */
function limit(reply: FastifyReply, allowance: Allowance): void {
  if (allowance.limit === 0) return;
  reply.header('ratelimit-limit', allowance.limit);
  reply.header('ratelimit-remaining', allowance.remaining);
  reply.header('ratelimit-reset', allowance.resetSeconds);
  if (allowance.exceeded) throw tooMany(allowance);
}

function tooMany({ limit: most, resetSeconds }: Allowance): Error {
  return problem('rate_limited', { detail: `${most} a minute are allowed.`, retryAfterSeconds: resetSeconds });
}

function permit(request: FastifyRequest, grant: KeyGrant): void {
  const { scope } = request.routeOptions.config;
  if (typeof scope === 'object') requireScope(request, scope.find((one) => hasScope(request, one)) ?? scope[0]);
  else if (scope !== undefined && scope !== 'public') requireScope(request, scope);
  request.onBehalfOf = adviserOf(request, grant);
  request.accessReason = headerText(request.headers['access-reason'], 'Access-Reason', 500);
}

function adviserOf(request: FastifyRequest, grant: KeyGrant): string | null {
  const text = headerText(request.headers['on-behalf-of'], 'On-Behalf-Of', 'adviser:'.length + 64);
  if (text === null) return grant.adviser;
  const code = ADVISER.exec(text)?.[1];
  if (code === undefined)
    throw headerProblem('On-Behalf-Of', 'pattern', 'must be adviser: and a code of 1 to 64 characters');
  if (grant.adviser !== null && grant.adviser !== code) throw problem('adviser_mismatch');
  return code;
}

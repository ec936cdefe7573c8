import cors from '@fastify/cors';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify, LogController } from 'fastify';
import { authenticate } from './http/authenticate.ts';
import { answerClientError } from './http/client-errors.ts';
import { gaugeDeliveries } from './http/delivery-gauges.ts';
import type { App, AppDeps } from './http/deps.ts';
import { LONGEST_PARAM, readExternalRefs } from './http/external-refs.ts';
import { gaugeFetches } from './http/fetch-gauges.ts';
import { serveHealth } from './http/health.ts';
import { readJsonBodies } from './http/json-body.ts';
import { measureRequests, serveMetrics } from './http/metrics.ts';
import { answerUnrouted } from './http/not-found.ts';
import { describeApi, serveDocument } from './http/openapi.ts';
import { answerProblems, problemOf, sendProblem } from './http/problem-handler.ts';
import { receiveInTime } from './http/receive-in-time.ts';
import { serveReference } from './http/reference.ts';
import { inboundRequestId, logRequests } from './http/request-log.ts';
import { ROUTES } from './http/routes/index.ts';
import { createValidators, validatorCompiler } from './http/validators.ts';
import { findKeyByHash } from './store/keys.ts';

export type { App, AppDeps } from './http/deps.ts';

const REQUEST_TIMEOUT_MS = 30_000; // to receive a whole request but a file; a slow sender does not hold a socket for longer

/** Builds the service's HTTP side: plugins, problem handler, reference and routes. It does not listen; the caller closes it. */
export async function createApp(deps: AppDeps): Promise<App> {
  const { limits, log, db, clock } = deps;
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: (logger) => logger, // one line a request, written at its end: no logger of its own
    genReqId: ({ headers }) => inboundRequestId(headers['x-request-id']) ?? deps.newRequestId(),
    bodyLimit: limits.bodyLimitBytes,
    requestTimeout: limits.uploadSeconds * 1000,
    trustProxy: limits.trustProxy.length === 0 ? false : [...limits.trustProxy],
    routerOptions: { maxParamLength: LONGEST_PARAM },
    return503OnClosing: false, // while draining, what still arrives on an open connection is answered
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, problemOf(error)),
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.server.headersTimeout = REQUEST_TIMEOUT_MS;
  receiveInTime(app, REQUEST_TIMEOUT_MS);
  const validators = createValidators();
  app.setValidatorCompiler(validatorCompiler(validators));
  answerProblems(app);
  answerUnrouted(app);
  readJsonBodies(app, limits);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('cache-control', 'no-store');
    done();
  });
  app.addHook('onResponse', (request, _reply, done) => {
    if (request.method !== 'GET') deps.wake(); // what it changed may have events
    done();
  });
  measureRequests(app, deps.registry);
  gaugeDeliveries(deps);
  gaugeFetches(deps);
  logRequests(app, log);
  if (limits.corsOrigins.length > 0) await app.register(cors, corsOptions(limits.corsOrigins));
  const forgetKeys = authenticate(app, {
    ...limits,
    clock,
    findKey: (hash) => findKeyByHash(db, hash),
  });
  readExternalRefs(app, db);
  describeApi(app, deps.version);
  await app.register(async (routes: App) => {
    serveHealth(routes, deps);
    serveMetrics(routes, deps.registry);
    serveDocument(routes);
    serveReference(routes);
    for (const register of ROUTES) register(routes, { ...deps, validators, forgetKeys });
  });
  await app.ready();
  return app;
}

function corsOptions(origins: readonly string[]) {
  return {
    origin: origins.includes('*') ? '*' : [...origins],
    exposedHeaders: ['x-request-id', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'],
    maxAge: 600,
  };
}

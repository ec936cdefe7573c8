import type { FastifyRequest } from 'fastify';
import { logFault } from '../../domain/log-fault.ts';
import type { Capture, CaptureItem, CaptureResult } from '../../flows/capture.ts';
import { actorText, grantOf, hasScope, requireActiveSource, requireScope } from '../actor.ts';
import { type Accepted, batchItem, captureAnswer } from '../capture-answer.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { isProblem, type Problem, problem } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { BatchAnswer, batchBody, CaptureQuery } from '../schemas/capture.ts';
import { LeadBody, toDraft } from '../schemas/lead.ts';
import { OutcomeAnswer } from '../schemas/outcome.ts';
import { reachOf } from '../visibility.ts';

const REFUSALS: readonly ProblemCode[] = [
  'phone_invalid',
  'phone_masked',
  'phone_scientific_notation',
  'phone_relay',
  'phone_not_personal',
  'phone_empty',
  'date_invalid',
  'submission_unusable',
  'source_paused',
  'overloaded',
];

/** POST /v1/leads and /v1/leads/batch: the way in by REST. */
export const captureRoutes: Routes = (app, deps) => {
  app.post('/v1/leads', {
    schema: {
      tags: ['capture'],
      summary: '留资: capture one lead',
      description:
        'The person is recognised by phone, the submission judged in one transaction, and the answer given after commit.',
      querystring: CaptureQuery,
      body: LeadBody,
      response: { 200: OutcomeAnswer, 201: OutcomeAnswer, 202: OutcomeAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: REFUSALS },
    handler: async (request, reply) => {
      const { body, query, rawBody } = request;
      const item = toItem(circumstances(request, query, deps), body, rawBody ?? NO_BYTES, idempotencyKey(request));
      const [result] = await judge(deps.capture, [item], query);
      const answer = captureAnswer(result, reachOf(grantOf(request)));
      if (isProblem(answer)) throw answer;
      return reply.code(answer.status).send(answer.body);
    },
  });

  const check = deps.validators.body(LeadBody);
  app.post('/v1/leads/batch', {
    schema: {
      tags: ['capture'],
      summary: '批量留资: capture many leads',
      description: 'Answered item by item, in order: a bad item never fails its neighbours.',
      querystring: CaptureQuery,
      body: batchBody(deps.limits.batchMaxItems),
      response: { 200: BatchAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: ['source_paused', 'overloaded'] },
    handler: async (request) => {
      const { body, query } = request;
      const shared = circumstances(request, query, deps);
      const key = idempotencyKey(request);
      const items = body.items.map((item, index): CaptureItem | Problem => {
        const errors = check(item);
        if (errors.length > 0) return problem('body_invalid', { errors });
        const raw = Buffer.from(JSON.stringify(item));
        return attempt(() => toItem(shared, item as LeadBody, raw, key === null ? null : `${key}#${index}`));
      });
      const usable = items.filter((item): item is CaptureItem => !isProblem(item));
      const results = (await judge(deps.capture, usable, query)).values();
      const reach = reachOf(grantOf(request));
      const answers = items.map((item) => (isProblem(item) ? item : captureAnswer(results.next().value, reach)));
      logFirstFault(request, answers);
      return { items: answers.map(batchItem) };
    },
  });
};

const NO_BYTES = Buffer.alloc(0);

interface Circumstances extends Pick<CaptureItem, 'source' | 'actor' | 'requestId' | 'mode' | 'receivedAt'> {
  readonly request: FastifyRequest;
}

/** What every item of a request has in common; throws where the key may not load history or its source is paused. */
function circumstances(request: FastifyRequest, query: CaptureQuery, { clock }: RouteDeps): Circumstances {
  requireActiveSource(request);
  if (query.mode === 'history') requireScope(request, 'ops');
  return {
    source: grantOf(request).source,
    actor: actorText(request),
    requestId: request.id,
    mode: query.mode ?? 'live',
    receivedAt: clock(),
    request,
  };
}

/** One item for the flow; throws `scope_missing` where the key may not name the owner or the store. */
function toItem(shared: Circumstances, body: LeadBody, raw: Uint8Array, idempotencyKey: string | null): CaptureItem {
  const { request, source, actor, requestId, mode, receivedAt } = shared;
  if (body.owner !== undefined) requireScope(request, 'ops', '/owner');
  if (body.store !== undefined && !hasScope(request, 'ops')) {
    if (grantOf(request).stores?.includes(body.store) !== true) requireScope(request, 'ops', '/store');
  }
  const draft = toDraft(body);
  return { draft, raw, contentType: 'application/json', idempotencyKey, source, actor, requestId, mode, receivedAt };
}

async function judge(
  capture: Capture,
  items: readonly CaptureItem[],
  { dry_run }: CaptureQuery,
): Promise<readonly CaptureResult[]> {
  if (items.length === 0) return [];
  if (dry_run !== true) return capture.submit(items);
  return (await capture.dryRun(items)).map((outcome) => ({ kind: 'judged', outcome }));
}

function attempt<T>(step: () => T): T | Problem {
  try {
    return step();
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
}

// The batch itself is answered 200, so the line of the request says nothing of an item that failed on our side.
function logFirstFault(request: FastifyRequest, answers: readonly (Accepted | Problem)[]): void {
  const fault = answers.find((answer): answer is Problem => isProblem(answer) && answer.cause !== undefined);
  if (fault === undefined) return;
  request.log.error({ request_id: request.id, code: fault.code, fault: logFault(fault.cause) }, 'batch.item_failed');
}

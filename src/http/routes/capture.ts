import type { FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { Instant } from '../../domain/instant.ts';
import { statusOf } from '../../domain/outcome.ts';
import type { Capture, CaptureItem, CaptureResult } from '../../flows/capture.ts';
import { actorText, grantOf, hasScope, requireActiveSource, requireScope } from '../actor.ts';
import type { Routes } from '../deps.ts';
import { idempotencyKey } from '../idempotency-key.ts';
import { logFault } from '../log-fault.ts';
import { isProblem, type Problem, problem, problemDocument } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { LeadBody, toDraft } from '../schemas/lead.ts';
import { OutcomeAnswer, outcomeAnswer, outcomeFields, outcomeProblem } from '../schemas/outcome.ts';

const CaptureQuery = Type.Object(
  {
    dry_run: Type.Optional(
      Type.Boolean({ default: false, description: '试算: decide as the real call would, and write nothing.' }),
    ),
    mode: Type.Optional(
      Type.Unsafe<'live' | 'history'>({
        type: 'string',
        enum: ['live', 'history'],
        default: 'live',
        description: '历史导入: `history` (scope ops) loads old data: judged and kept, but no delivery, owner or task.',
      }),
    ),
  },
  { additionalProperties: false },
);
type CaptureQuery = Static<typeof CaptureQuery>;

const BatchItem = Type.Object(
  {
    index: Type.Integer({ description: 'Position in the batch, from 0.' }),
    status: Type.Integer({ description: 'The status that the item alone would have been answered with.' }),
    ...Type.Partial(Type.Object(outcomeFields)).properties,
    problem: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: 'The problem document of a refused item.' }),
    ),
  },
  { title: 'BatchItem' },
);
const BatchAnswer = Type.Object(
  { items: Type.Array(BatchItem, { description: 'One answer an item, in the order of the batch.' }) },
  { title: 'BatchOutcome' },
);

const REFUSALS = [
  'phone_invalid',
  'phone_masked',
  'phone_scientific_notation',
  'phone_relay',
  'phone_not_personal',
  'phone_empty',
  'date_invalid',
  'identity_missing',
  'submission_unusable',
  'idempotency_conflict',
  'source_paused',
  'overloaded',
] as const satisfies readonly ProblemCode[];

/** POST /v1/leads and /v1/leads/batch: the way in by REST. */
export const captureRoutes: Routes = (app, { capture, clock, limits, validators }) => {
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
      const context = contextOf(request, request.query, clock());
      const item = itemOf(context, request.body, request.rawBody ?? EMPTY, context.key);
      const [result] = await judge(capture, [item], request.query);
      const answer = answerOf(result);
      if (isProblem(answer)) throw answer;
      return reply.code(answer.status).send(answer.body);
    },
  });

  const checkItem = validators.body(LeadBody);
  app.post('/v1/leads/batch', {
    schema: {
      tags: ['capture'],
      summary: '批量留资: capture many leads',
      description: 'Answered item by item, in order: a bad item never fails its neighbours.',
      querystring: CaptureQuery,
      body: Type.Object(
        {
          items: Type.Array(Type.Unsafe<unknown>({ 'x-schema': 'Lead' }), {
            minItems: 1,
            maxItems: limits.batchMaxItems,
            description: 'Each as the body of POST /v1/leads.',
          }),
        },
        { additionalProperties: false, title: 'LeadBatch' },
      ),
      response: { 200: BatchAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: ['source_paused', 'overloaded'] },
    handler: async (request) => {
      const context = contextOf(request, request.query, clock());
      const judged = request.body.items.map((body, index) => {
        const errors = checkItem(body);
        if (errors.length > 0) return problem('body_invalid', { errors });
        const key = context.key === null ? null : `${context.key}#${index}`;
        return attempt(() => itemOf(context, body as LeadBody, Buffer.from(JSON.stringify(body)), key));
      });
      const items = judged.filter((item): item is CaptureItem => !isProblem(item));
      const results = (await judge(capture, items, request.query)).values();
      const answers = judged.map((item) => (isProblem(item) ? item : answerOf(results.next().value)));
      logFirstFault(request, answers);
      return { items: answers.map(batchItem) };
    },
  });
};

const EMPTY = Buffer.alloc(0);

interface Context extends Pick<CaptureItem, 'source' | 'actor' | 'requestId' | 'mode' | 'receivedAt' | 'contentType'> {
  readonly key: string | null;
  readonly request: FastifyRequest;
}

/** What every item of a request has in common; throws where the key may not load history or its source is paused. */
function contextOf(request: FastifyRequest, query: CaptureQuery, receivedAt: Instant): Context {
  requireActiveSource(request);
  if (query.mode === 'history') requireScope(request, 'ops');
  return {
    key: idempotencyKey(request),
    source: grantOf(request).source,
    actor: actorText(request),
    requestId: request.id,
    mode: query.mode ?? 'live',
    receivedAt,
    contentType: 'application/json',
    request,
  };
}

/** One item of the flow; throws `scope_missing` where the key may not name the store or the owner. */
function itemOf(
  { key: _, request, ...shared }: Context,
  body: LeadBody,
  raw: Uint8Array,
  key: string | null,
): CaptureItem {
  if (body.owner !== undefined) requireScope(request, 'ops', '/owner');
  if (body.store !== undefined && !hasScope(request, 'ops')) {
    if (grantOf(request).stores?.includes(body.store) !== true) requireScope(request, 'ops', '/store');
  }
  return { ...shared, draft: toDraft(body), raw, idempotencyKey: key };
}

function attempt<T>(step: () => T): T | Problem {
  try {
    return step();
  } catch (error) {
    if (isProblem(error)) return error;
    throw error;
  }
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

interface Accepted {
  readonly status: 200 | 201 | 202;
  readonly body: OutcomeAnswer;
}

function answerOf(result: CaptureResult | undefined): Accepted | Problem {
  if (result === undefined) throw new Error('the flow gave fewer results than it was given items');
  if (result.kind === 'failed') {
    const { code, cause } = result.failure;
    return problem(code === 'database_unavailable' ? code : 'internal', { cause });
  }
  const status = statusOf(result.outcome);
  if (status === 422) return outcomeProblem(result.outcome);
  return { status: status as Accepted['status'], body: outcomeAnswer(result.outcome) };
}

function batchItem(answer: Accepted | Problem, index: number): Static<typeof BatchItem> {
  if (!isProblem(answer)) return { index, status: answer.status, ...answer.body };
  const document = problemDocument(answer);
  return { index, status: document.status, problem: document };
}

// The batch itself is answered 200, so the line of the request says nothing of an item that failed on our side.
function logFirstFault(request: FastifyRequest, answers: readonly (Accepted | Problem)[]): void {
  const fault = answers.find((answer): answer is Problem => isProblem(answer) && answer.cause !== undefined);
  if (fault === undefined) return;
  request.log.error({ request_id: request.id, code: fault.code, fault: logFault(fault.cause) }, 'batch.item_failed');
}

import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { patchedPaths } from '../../domain/merge-patch.ts';
import { type Retry, type RetryDeps, type RetryResult, retryQuarantine } from '../../flows/retry-quarantine.ts';
import { type AuditEntry, insertAudit } from '../../store/audit.ts';
import type { Db } from '../../store/database.ts';
import type { Reach } from '../../store/lead-page.ts';
import { matchingEntries, type QuarantineFilter } from '../../store/quarantine-list.ts';
import { actOf } from '../act.ts';
import { grantOf } from '../actor.ts';
import { type Accepted, captureAnswer } from '../capture-answer.ts';
import { leadCorrector } from '../correct-lead.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { type Answer, idempotent } from '../idempotency.ts';
import { isProblem, PROBLEM_MEDIA_TYPE, type Problem, problem, problemDocument } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { problemOf } from '../problem-handler.ts';
import { type AskedFilter, quarantineFilter } from '../quarantine-filter.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LeadBody } from '../schemas/lead.ts';
import { OutcomeAnswer } from '../schemas/outcome.ts';
import { MOST_RETRIES, RetryBody, type RetryItem, RetryManyAnswer, RetryManyBody } from '../schemas/quarantine.ts';
import { reachOf } from '../visibility.ts';

const REFUSALS: readonly ProblemCode[] = [
  'already_released',
  'state_conflict',
  'raw_body_gone',
  'idempotency_conflict',
  'phone_invalid',
  'phone_masked',
  'phone_scientific_notation',
  'phone_relay',
  'phone_not_personal',
  'phone_empty',
  'date_invalid',
  'unparsable',
  'submission_unusable',
  'overloaded',
];

const PIPELINE =
  'The submission runs through the whole way in once more: same source and keys, original occurred_at. Usable now, it releases the entry; still unusable, it supersedes it by an entry with the new code.';

/** POST /v1/quarantine/:id/retry and /v1/quarantine/retry: correct and try again. */
export const quarantineRetryRoutes: Routes = (app, deps) => {
  const correct = leadCorrector(deps.limits, deps.validators.body(LeadBody), deps.inbound.evaluate);
  app.post('/v1/quarantine/:id/retry', {
    schema: {
      tags: ['quarantine'],
      summary: '更正重试: correct a submission and try it again',
      description: `${PIPELINE} Of two retries at once one is judged, and the other answered \`already_released\`.`,
      params: IdParams,
      body: RetryBody,
      response: { 200: OutcomeAnswer, 201: OutcomeAnswer, 202: OutcomeAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: REFUSALS },
    handler: (request, reply) => {
      const retry = { id: request.params.id.toLowerCase(), corrections: request.body.corrections ?? null };
      return idempotent(deps, request, reply, async (tx) => {
        const [result] = await retryQuarantine({ ...retryDeps(deps, request, correct), db: tx }, [retry]);
        const answer = answerOf(result, reachOf(grantOf(request)));
        if (result?.kind !== 'judged') throw answer;
        await insertAudit(tx, auditEntries(deps, request, [retry], [result]));
        return isProblem(answer) ? refusal(request, answer) : answer;
      });
    },
  });

  app.post('/v1/quarantine/retry', {
    schema: {
      tags: ['quarantine'],
      summary: '批量重试: try many again',
      description: `${PIPELINE} Answered entry by entry, in order; none fails its neighbours.`,
      body: RetryManyBody,
      response: { 200: RetryManyAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: ['overloaded'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { retries, more } = await retriesOf(tx, request.body);
        const results = await retryQuarantine({ ...retryDeps(deps, request, correct), db: tx }, retries);
        await insertAudit(tx, auditEntries(deps, request, retries, results));
        const reach = reachOf(grantOf(request));
        const items = results.map((result, i) => itemOf(retries[i]?.id ?? '', answerOf(result, reach)));
        return { status: 200, body: { items, more } };
      }),
  });
};

// `db` is the transaction of the answer: another connection of the pool for each caller could leave the pool waiting for itself.
function retryDeps(deps: RouteDeps, request: FastifyRequest, correct: RetryDeps['correct']): Omit<RetryDeps, 'db'> {
  const { actor, requestId, at } = actOf(request, deps);
  const { vault, capture } = deps;
  return { vault, capture, correct, actor, requestId, at };
}

async function retriesOf(
  db: Db,
  { ids, items, filter }: Static<typeof RetryManyBody>,
): Promise<{ readonly retries: readonly Retry[]; readonly more: boolean }> {
  if (items !== undefined) {
    const retries = items.map(({ id, corrections }) => ({ id: id.toLowerCase(), corrections: corrections ?? null }));
    return { retries, more: false };
  }
  const found = ids ?? (await matchingEntries(db, { ...bodyFilter(filter ?? {}), state: 'open' }, MOST_RETRIES + 1));
  const retries = found.slice(0, MOST_RETRIES).map((id) => ({ id: id.toLowerCase(), corrections: null }));
  return { retries, more: found.length > MOST_RETRIES };
}

function bodyFilter(filter: AskedFilter): QuarantineFilter {
  try {
    return quarantineFilter(filter);
  } catch (error) {
    if (!isProblem(error)) throw error;
    const errors = error.details.errors?.map((fault) => ({ ...fault, path: `/filter${fault.path}` })) ?? [];
    throw problem('body_invalid', { errors });
  }
}

function answerOf(result: RetryResult | undefined, reach: Reach | null): Accepted | Problem {
  switch (result?.kind) {
    case 'judged':
      return captureAnswer(result, reach);
    case 'failed':
      return captureAnswer(result.failure, reach);
    case 'refused':
      return problemOf(result.error);
    case undefined:
      throw new Error('the flow gave fewer results than it was given entries');
  }
}

/** A problem that is kept under the Idempotency-Key: what it tells has been written. */
function refusal(request: FastifyRequest, found: Problem): Answer {
  request.problem = found;
  const body = problemDocument(found, request.id);
  return { status: body.status, headers: { 'content-type': PROBLEM_MEDIA_TYPE }, body };
}

function itemOf(id: string, answer: Accepted | Problem): RetryItem {
  if (!isProblem(answer)) return { id, status: answer.status, ...answer.body };
  const document = problemDocument(answer);
  return { id, status: document.status, problem: document };
}

/** One entry for each retry that wrote something: which places were corrected, never to what. */
function auditEntries(
  deps: RouteDeps,
  request: FastifyRequest,
  retries: readonly Retry[],
  results: readonly RetryResult[],
): readonly AuditEntry[] {
  const act = actOf(request, deps);
  return results.flatMap((result, i) => {
    if (result.kind !== 'judged' || ['replayed', 'conflict'].includes(result.outcome.decision)) return [];
    const { entry, outcome } = result;
    return {
      id: act.newId(),
      at: act.at,
      actor: act.actor,
      action: 'quarantine.retried',
      subjectKind: 'quarantine',
      subjectId: entry.id,
      reason: request.accessReason,
      detail: {
        submission_id: entry.submissionId,
        resolved_by: outcome.submissionId,
        decision: outcome.decision,
        corrected: patchedPaths(retries[i]?.corrections),
      },
      requestId: act.requestId,
    };
  });
}

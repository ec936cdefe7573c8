import type { FastifyRequest } from 'fastify';
import { taskRecord } from '../../domain/lead-record.ts';
import { followUp } from '../../flows/follow-up.ts';
import type { FollowUpInput } from '../../flows/follow-up-input.ts';
import { nameTask } from '../../flows/name-task.ts';
import type { TaskTarget } from '../../flows/open-task-of.ts';
import { rescheduleTask } from '../../flows/reschedule-task.ts';
import type { Tx } from '../../store/database.ts';
import { findTask } from '../../store/task-read.ts';
import { bodyMoment } from '../body-moment.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { type Answer, idempotent } from '../idempotency.ts';
import { etag } from '../if-match.ts';
import { problem } from '../problem.ts';
import type { IdParams } from '../schemas/id-params.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { TaskAnswer } from '../schemas/task.ts';
import { FollowUpAnswer, FollowUpBody, RescheduleAnswer, RescheduleBody, TaskPatchBody } from '../schemas/task-work.ts';
import { stateInputOf } from '../state-body.ts';
import { leadChangeAnswer } from '../views/lead-change.ts';
import { endedTaskAnswer, openTaskAnswer } from '../views/task.ts';

const PROBLEMS = ['other_store', 'gone', 'state_conflict'] as const;
const FOLLOWED =
  'The lead is followed from then on and has exactly one next task, due at `next_at`; with `state` it is closed instead, by the rules of `POST /v1/leads/:id/state`, in the same transaction.';

/** POST /v1/tasks/:id/complete, …/reschedule, PATCH /v1/tasks/:id and POST /v1/leads/:id/follow-ups: what advisers tell. */
export const taskWorkRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  const complete = async (
    tx: Tx,
    request: FastifyRequest<{ Params: IdParams; Body: FollowUpBody }>,
    kind: TaskTarget['kind'],
  ): Promise<Answer> => {
    const target = { kind, id: idOf(request) };
    const { taskId, change } = await followUp(tx, callOf(request), boundsOf(request), target, inputOf(request));
    const { lead, customerId } = change;
    const next_task = lead.task === null ? null : taskRecord(lead.task);
    const body = { task_id: taskId, next_task, lead: leadChangeAnswer(change) };
    return { status: 200, headers: { etag: etag(lead.version) }, body, customerId };
  };

  app.post('/v1/tasks/:id/complete', {
    schema: {
      tags: ['tasks'],
      summary: '完成任务: complete a task by a follow-up',
      description: `${FOLLOWED} The same again for no change; one that has ended otherwise is \`state_conflict\`.`,
      params: NamedParams,
      body: FollowUpBody,
      response: { 200: FollowUpAnswer },
    },
    config: {
      scope: 'leads:write',
      idempotent: true,
      problems: [...PROBLEMS, 'out_of_order', 'date_invalid', 'adviser_mismatch'],
    },
    handler: (request, reply) => idempotent(deps, request, reply, (tx) => complete(tx, request, 'task')),
  });

  app.post('/v1/leads/:id/follow-ups', {
    schema: {
      tags: ['tasks'],
      summary: '记录跟进: follow a lead up',
      description: `Completes the open task of the lead, for whoever does not know its id. ${FOLLOWED} Said again it completes the next one: send an Idempotency-Key.`,
      params: NamedParams,
      body: FollowUpBody,
      response: { 200: FollowUpAnswer },
    },
    config: {
      scope: 'leads:write',
      idempotent: true,
      problems: [...PROBLEMS, 'out_of_order', 'date_invalid', 'adviser_mismatch'],
    },
    handler: (request, reply) => idempotent(deps, request, reply, (tx) => complete(tx, request, 'lead')),
  });

  app.post('/v1/tasks/:id/reschedule', {
    schema: {
      tags: ['tasks'],
      summary: '任务改期: put an open task to another time',
      description:
        'Its ladder starts again. A first contact can only be brought forward; a follow-up can be put off for a year at most. The same again for no change.',
      params: NamedParams,
      body: RescheduleBody,
      response: { 200: RescheduleAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: [...PROBLEMS, 'date_invalid'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { due_at, reason } = request.body;
        const input = { dueAt: bodyMoment(due_at, '/due_at') ?? 0, reason: reason.trim() };
        const moved = await rescheduleTask(tx, callOf(request), boundsOf(request), idOf(request), input);
        const { lead, changed, customerId } = moved;
        const task = lead.task === null ? null : taskRecord(lead.task);
        const body = { lead_id: lead.id, changed, task, version: lead.version };
        return { status: 200, headers: { etag: etag(lead.version) }, body, customerId };
      }),
  });

  app.patch('/v1/tasks/:id', {
    schema: {
      tags: ['tasks'],
      summary: '任务外部编号: name a task',
      description: 'Open or ended. No two tasks are called the same. The same again for no change.',
      params: NamedParams,
      body: TaskPatchBody,
      response: { 200: TaskAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: PROBLEMS },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        await nameTask(tx, callOf(request), boundsOf(request), idOf(request), request.body.external_ref);
        const found = await findTask(tx, deps.vault, idOf(request));
        if (found === null) throw problem('not_found', { detail: 'There is no such task.' });
        const { lead, root, ended } = found;
        const masked = { kind: 'masked', why: 'access_reason_missing' } as const;
        const body =
          ended !== null || lead.task === null
            ? ended !== null && endedTaskAnswer(ended, root, masked)
            : openTaskAnswer(lead, root, lead.task, deps.clock(), masked);
        if (body === false) throw problem('not_found', { detail: 'There is no such task.' });
        return { status: 200, body, customerId: root };
      }),
  });
};

function inputOf(request: FastifyRequest<{ Body: FollowUpBody }>): FollowUpInput {
  const { method, content, outcome, occurred_at, next_at, state, external_ref } = request.body;
  const { to, ...closing } = state ?? {};
  return {
    method,
    content: content.trim(),
    outcome,
    occurredAt: bodyMoment(occurred_at, '/occurred_at'),
    nextAt: bodyMoment(next_at, '/next_at'),
    state: to === undefined ? null : stateInputOf(request, { ...closing, state: to }, '/state'),
    externalRef: external_ref ?? null,
  };
}

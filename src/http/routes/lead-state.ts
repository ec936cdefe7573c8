import { assignOwner } from '../../flows/assign-owner.ts';
import { changeState, type LeadChange } from '../../flows/change-state.ts';
import { voidState } from '../../flows/void-state.ts';
import { bodyMoment } from '../body-moment.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { type Answer, idempotent } from '../idempotency.ts';
import { etag } from '../if-match.ts';
import { LeadChangeAnswer, OwnerBody, StateBody, StateVoidBody } from '../schemas/lead-work.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { stateInputOf } from '../state-body.ts';
import { leadChangeAnswer } from '../views/lead-change.ts';

const PROBLEMS = ['other_store', 'gone', 'state_conflict', 'out_of_order', 'date_invalid'] as const;

/** POST /v1/leads/:id/state, …/state/void and …/owner: working a lead. */
export const leadStateRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.post('/v1/leads/:id/state', {
    schema: {
      tags: ['leads'],
      summary: '改状态: put a lead into another state',
      description:
        'Open leads go to any later state; dormant and invalid ones back to following; won and lost are final. A refused move is answered with those that are allowed. The same again for no change.',
      params: NamedParams,
      body: StateBody,
      response: { 200: LeadChangeAnswer },
    },
    config: {
      scope: 'leads:write',
      idempotent: true,
      problems: [...PROBLEMS, 'adviser_mismatch'],
      refs: { closer: 'adviser' },
    },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) =>
        answer(
          await changeState(
            tx,
            callOf(request),
            boundsOf(request),
            idOf(request),
            stateInputOf(request, request.body, ''),
          ),
        ),
      ),
  });

  app.post('/v1/leads/:id/state/void', {
    schema: {
      tags: ['leads'],
      summary: '撤销成交或战败: take a win or a loss back',
      description:
        'The lead returns to the state it had; what is left of a won deal is negated by an entry of its own.',
      params: NamedParams,
      body: StateVoidBody,
      response: { 200: LeadChangeAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: PROBLEMS },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { reason, occurred_at } = request.body;
        const input = { reason, occurredAt: bodyMoment(occurred_at, '/occurred_at') };
        return answer(await voidState(tx, callOf(request), boundsOf(request), idOf(request), input));
      }),
  });

  app.post('/v1/leads/:id/owner', {
    schema: {
      tags: ['leads'],
      summary: '改归属: give a lead to an adviser, or to nobody',
      description: 'What was new is assigned; every other state stays. The same again for no change.',
      params: NamedParams,
      body: OwnerBody,
      response: { 200: LeadChangeAnswer },
    },
    config: {
      scope: 'ops',
      idempotent: true,
      problems: PROBLEMS,
      refs: { owner: 'adviser', store: 'store' },
    },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { owner, store, occurred_at } = request.body;
        const input = { owner, store, occurredAt: bodyMoment(occurred_at, '/occurred_at'), known: 'may be' as const };
        return answer(await assignOwner(tx, callOf(request), boundsOf(request), idOf(request), input));
      }),
  });
};

function answer(change: LeadChange): Answer {
  const { customerId, lead } = change;
  return { status: 200, headers: { etag: etag(lead.version) }, body: leadChangeAnswer(change), customerId };
}

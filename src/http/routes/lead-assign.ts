import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { assignOwner } from '../../flows/assign-owner.ts';
import type { LeadChange } from '../../flows/change-state.ts';
import { claimLead } from '../../flows/claim-lead.ts';
import { reassignLeads } from '../../flows/reassign-leads.ts';
import { releaseLead } from '../../flows/release-lead.ts';
import { bodyMoment } from '../body-moment.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { type Answer, idempotent } from '../idempotency.ts';
import { etag } from '../if-match.ts';
import { problem } from '../problem.ts';
import { AssignBody, ClaimBody, ReassignAnswer, ReassignBody, ReleaseBody } from '../schemas/lead-assign.ts';
import { LeadChangeAnswer } from '../schemas/lead-work.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { leadChangeAnswer } from '../views/lead-change.ts';

const PROBLEMS = ['other_store', 'gone', 'state_conflict'] as const;
const AdviserParams = Type.Object({
  code: Type.String({ minLength: 1, maxLength: 64, description: '顾问代码.', examples: ['A1'] }),
});

/** POST /v1/leads/:id/assign, …/claim, …/release and /v1/advisers/:code/reassign: leads in other hands. */
export const leadAssignRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.post('/v1/leads/:id/assign', {
    schema: {
      tags: ['leads'],
      summary: '分配: give a lead to an adviser',
      description: 'By hand: no wheel is moved, no cap or shift is asked. A lead that waited in a pool waits no more.',
      params: NamedParams,
      body: AssignBody,
      response: { 200: LeadChangeAnswer },
    },
    config: {
      scope: 'ops',
      idempotent: true,
      problems: [...PROBLEMS, 'out_of_order', 'date_invalid'],
      refs: { owner: 'adviser', store: 'store' },
    },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { owner, store, occurred_at } = request.body;
        const occurredAt = bodyMoment(occurred_at, '/occurred_at');
        const input = { owner, store, occurredAt, known: 'must be' } as const;
        return answer(await assignOwner(tx, callOf(request), boundsOf(request), idOf(request), input));
      }),
  });

  app.post('/v1/leads/:id/claim', {
    schema: {
      tags: ['leads'],
      summary: '领取: take a lead out of a pool',
      description:
        'Of any number at once one wins, the others are answered 409. Caps, cool-down and the skill that the lead asks for hold; why says which one refuses.',
      params: NamedParams,
      body: ClaimBody,
      response: { 200: LeadChangeAnswer },
    },
    config: {
      scope: 'leads:write',
      idempotent: true,
      problems: [...PROBLEMS, 'already_claimed', 'adviser_mismatch'],
      refs: { adviser: 'adviser' },
    },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const adviser = claimant(request, request.body.adviser);
        return answer(await claimLead(tx, callOf(request), boundsOf(request), idOf(request), adviser));
      }),
  });

  app.post('/v1/leads/:id/release', {
    schema: {
      tags: ['leads'],
      summary: '退回: put a lead back into the pool of its store',
      description:
        'Whoever gives it back does not get it again before the cool-down ends. The same again for no change.',
      params: NamedParams,
      body: ReleaseBody,
      response: { 200: LeadChangeAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: PROBLEMS },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const reason = request.body.reason?.trim() ?? null;
        return answer(await releaseLead(tx, callOf(request), boundsOf(request), idOf(request), reason));
      }),
  });

  app.post('/v1/advisers/:code/reassign', {
    schema: {
      tags: ['leads'],
      summary: '离职交接: give away all open leads of an adviser',
      description:
        '500 leads a call: call again until more is false. Put the adviser inactive first, or new leads come.',
      params: AdviserParams,
      body: ReassignBody,
      response: { 200: ReassignAnswer },
    },
    config: {
      scope: 'ops',
      idempotent: true,
      problems: ['other_store'],
      refs: { to: 'adviser', store: 'store' },
    },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { stores, adviser } = boundsOf(request);
        const { to = null, store = null } = request.body;
        const within = stores === null || (store !== null && stores.includes(store));
        if (adviser !== null || !within) throw problem('other_store');
        const body = await reassignLeads(tx, callOf(request), request.params.code, { to, store });
        return { status: 200, body };
      }),
  });
};

/** Who claims: whom the key acts for, else whom the body names; throws where they are two, or nobody is named. */
function claimant({ onBehalfOf }: FastifyRequest, named: string | undefined): string {
  if (onBehalfOf !== null && named !== undefined && named !== onBehalfOf) throw problem('adviser_mismatch');
  const adviser = named ?? onBehalfOf;
  if (adviser !== null) return adviser;
  const errors = [{ path: '/adviser', code: 'required', message: 'is required, since the key acts for nobody' }];
  throw problem('body_invalid', { errors });
}

function answer(change: LeadChange): Answer {
  const { customerId, lead } = change;
  return { status: 200, headers: { etag: etag(lead.version) }, body: leadChangeAnswer(change), customerId };
}

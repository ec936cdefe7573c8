import type { FastifyRequest } from 'fastify';
import { type BehaviourItem, type BehaviourOutcome, createBehaviours } from '../../flows/take-behaviours.ts';
import { grantOf, requireActiveSource } from '../actor.ts';
import { behaviourOf } from '../behaviour-input.ts';
import type { Routes } from '../deps.ts';
import { isProblem, type Problem, problem, problemDocument } from '../problem.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { BehaviourAnswer, BehaviourBatchAnswer, BehaviourBatchBody, BehaviourBody } from '../schemas/behaviour.ts';
import { reachOf } from '../visibility.ts';

const REFUSALS: readonly ProblemCode[] = [
  'phone_invalid',
  'phone_masked',
  'phone_scientific_notation',
  'phone_relay',
  'phone_not_personal',
  'phone_empty',
  'date_invalid',
  'source_paused',
  'overloaded',
];

const ABOUT =
  'What somebody did, for their score. It makes no lead and no customer: what an unknown phone or visitor did waits until a submission names it, and counts then, decayed by its age. The same `id` of the same source for the same person counts once.';

/** POST /v1/behaviours, one or many. */
export const behaviourRoutes: Routes = (app, deps) => {
  const taking = createBehaviours(deps.db, deps.vault);
  const { defaultRegion: region } = deps.limits;
  const read = (request: FastifyRequest, body: BehaviourBody): BehaviourItem => {
    const grant = grantOf(request);
    const arrival = { source: grant.source.id, reach: reachOf(grant), receivedAt: deps.clock(), region, path: '' };
    return behaviourOf(body, arrival);
  };

  app.post('/v1/behaviours', {
    schema: {
      tags: ['capture'],
      summary: '行为: tell what somebody did',
      description: ABOUT,
      body: BehaviourBody,
      response: { 200: BehaviourAnswer },
    },
    config: { scope: 'leads:write', problems: REFUSALS },
    handler: async (request) => {
      requireActiveSource(request);
      const [outcome] = await taking.submit([read(request, request.body)]);
      return { outcome: given(outcome) };
    },
  });

  const check = deps.validators.body(BehaviourBody);
  app.post('/v1/behaviours/batch', {
    schema: {
      tags: ['capture'],
      summary: '批量行为: tell what many did',
      description: `Answered item by item, in order: a bad item never fails its neighbours. ${ABOUT}`,
      body: BehaviourBatchBody,
      response: { 200: BehaviourBatchAnswer },
    },
    config: { scope: 'leads:write', problems: ['source_paused', 'overloaded'] },
    handler: async (request) => {
      requireActiveSource(request);
      const items = request.body.events.map((event): BehaviourItem | Problem => {
        const errors = check(event);
        if (errors.length > 0) return problem('body_invalid', { errors });
        try {
          return read(request, event as BehaviourBody);
        } catch (thrown) {
          if (isProblem(thrown)) return thrown;
          throw thrown;
        }
      });
      const usable = items.filter((item): item is BehaviourItem => !isProblem(item));
      const outcomes = (await taking.submit(usable)).values();
      return {
        items: items.map((item, index) => {
          if (!isProblem(item)) return { index, status: 200, outcome: given(outcomes.next().value) };
          const document = problemDocument(item);
          return { index, status: document.status, problem: document };
        }),
      };
    },
  });
};

function given(outcome: BehaviourOutcome | undefined): BehaviourOutcome {
  if (outcome === undefined) throw new Error('the flow gave fewer outcomes than it was given items');
  return outcome;
}

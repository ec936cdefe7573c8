import { REDRIVABLE } from '../../domain/delivery.ts';
import { isEventPattern } from '../../domain/event-pattern.ts';
import { type Instant, parseInstant } from '../../domain/instant.ts';
import { type RedriveQuery, redriveMany, redriveOne } from '../../flows/redrive.ts';
import { actOf } from '../act.ts';
import { idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { requireEveryStore } from '../endpoint-request.ts';
import { idempotent } from '../idempotency.ts';
import { problem } from '../problem.ts';
import { DeliveryRecord, MOST_REDRIVEN, RedriveAnswer, RedriveBody } from '../schemas/delivery.ts';
import { IdParams } from '../schemas/id-params.ts';
import { deliveryRecord } from '../views/delivery.ts';

const SCOPE = ['ops', 'admin'] as const;
const ANEW =
  'The same bytes under the same `webhook-id`, with all attempts before it again, beside the line: later events of its lead neither wait for it nor does it wait for earlier ones.';

/** POST /v1/deliveries/:id/redrive and /v1/deliveries/redrive: what was given up is sent again. */
export const redriveRoutes: Routes = (app, deps) => {
  app.post('/v1/deliveries/:id/redrive', {
    schema: {
      tags: ['delivery'],
      summary: '重发: send one delivery again',
      description: `${ANEW} One that is withheld is sent only if the person has consented meanwhile.`,
      params: IdParams,
      response: { 200: DeliveryRecord },
    },
    config: { scope: SCOPE, idempotent: true, problems: ['state_conflict', 'other_store'] },
    handler: async (request, reply) => {
      requireEveryStore(request);
      await idempotent(deps, request, reply, async (tx) => {
        const delivery = await redriveOne(tx, actOf(request, deps), idOf(request));
        return { status: 200, body: deliveryRecord(delivery) };
      });
    },
  });

  app.post('/v1/deliveries/redrive', {
    schema: {
      tags: ['delivery'],
      summary: '批量重发: send many deliveries again',
      description: `${ANEW} ${MOST_REDRIVEN} at most, in steps: what is done stays done where a later step fails, and the same call again goes on from there. Endpoints that were deleted are left out.`,
      body: RedriveBody,
      response: { 200: RedriveAnswer },
    },
    config: { scope: SCOPE, problems: ['other_store'] },
    handler: async (request) => {
      const { limit = MOST_REDRIVEN } = request.body;
      requireEveryStore(request);
      return redriveMany(deps.db, actOf(request, deps), queryOf(request.body), limit);
    },
  });
};

function queryOf({ limit: _limit, all, ...filters }: RedriveBody): RedriveQuery {
  const named = Object.keys(filters);
  if (all === true ? named.length > 0 : named.length === 0) {
    throw invalid(all === true ? `/${named[0]}` : '', 'not_allowed', 'must be all or filters: one of them');
  }
  if (all === true) return { states: REDRIVABLE };
  const { endpoint_id, lead_id, event_type, states = ['dead'], reason, from, to } = filters;
  if (event_type !== undefined && !isEventPattern(event_type)) {
    throw invalid('/event_type', 'not_listed', 'is no type of event, nor a family such as lead.*');
  }
  return {
    states,
    ...(endpoint_id === undefined ? {} : { endpointId: endpoint_id.toLowerCase() }),
    ...(lead_id === undefined ? {} : { leadId: lead_id.toLowerCase() }),
    ...(event_type === undefined ? {} : { eventType: event_type }),
    ...(reason === undefined ? {} : { reason }),
    ...momentsOf({ from, to }),
  };
}

function momentsOf(texts: { readonly from: string | undefined; readonly to: string | undefined }): {
  readonly from?: Instant;
  readonly to?: Instant;
} {
  const found = Object.entries(texts).flatMap(([name, text]) => {
    if (text === undefined) return [];
    const at = parseInstant(text);
    if (at === null) throw invalid(`/${name}`, 'format', 'must be a date or time in ISO 8601');
    return [[name, at] as const];
  });
  return Object.fromEntries(found);
}

function invalid(path: string, code: string, message: string) {
  return problem('body_invalid', { errors: [{ path, code, message }] });
}

import { formatInstant } from '../../domain/instant.ts';
import { refund } from '../../flows/refund.ts';
import { listDeals } from '../../store/lead-read.ts';
import { bodyMoment } from '../body-moment.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { openLead, requireReach, traceOf } from '../open-lead.ts';
import { DealListAnswer, RefundAnswer, RefundBody } from '../schemas/deal.ts';
import { IdParams } from '../schemas/id-params.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { sightOf } from '../sight.ts';
import { dealAnswers } from '../views/lead.ts';

/** GET /v1/leads/:id/deals and POST /v1/deals/:id/refunds: what was won, and what was paid back. */
export const dealRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.get('/v1/leads/:id/deals', {
    schema: {
      tags: ['leads'],
      summary: '成交: the deals of a lead',
      description: 'Won deals, refunds and voids; entries are never changed.',
      params: NamedParams,
      response: { 200: DealListAnswer },
    },
    config: { scope: 'leads:read', problems: ['gone', 'other_store'] },
    handler: async (request) => {
      const found = await openLead(deps, request.params.id);
      requireReach(request, found);
      const { leadIds } = await traceOf(deps, found);
      return { items: dealAnswers(await listDeals(deps.db, leadIds), sightOf(request)) };
    },
  });

  app.post('/v1/deals/:id/refunds', {
    schema: {
      tags: ['leads'],
      summary: '退款: pay a part or all of a deal back',
      description:
        'Never more than is left of the deal. Under one Idempotency-Key it is one refund, however often it is sent.',
      params: IdParams,
      body: RefundBody,
      response: { 201: RefundAnswer },
    },
    config: {
      scope: 'leads:write',
      idempotent: true,
      problems: ['gone', 'other_store', 'state_conflict', 'out_of_order', 'date_invalid'],
    },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { amount, reason, occurred_at } = request.body;
        const input = { amount, reason: reason.trim(), occurredAt: bodyMoment(occurred_at, '/occurred_at') };
        const { entry, left, customerId } = await refund(tx, callOf(request), boundsOf(request), idOf(request), input);
        const body: RefundAnswer = {
          refund_id: entry.id,
          deal_id: entry.ofDeal ?? entry.id,
          lead_id: entry.leadId,
          amount: entry.amount,
          currency: entry.currency,
          left,
          occurred_at: formatInstant(entry.occurredAt),
        };
        return { status: 201, body, customerId };
      }),
  });
};

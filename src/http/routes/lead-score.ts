import { formatInstant, momentOf } from '../../domain/instant.ts';
import { type ModelScore, readLeadScore } from '../../flows/read-lead-score.ts';
import type { Routes } from '../deps.ts';
import { openLead, requireReach } from '../open-lead.ts';
import { LeadScoreAnswer, type ModelScoreAnswer } from '../schemas/lead-score.ts';
import { NamedParams } from '../schemas/named-params.ts';

/** GET /v1/leads/:id/score. */
export const leadScoreRoutes: Routes = (app, deps) => {
  app.get('/v1/leads/:id/score', {
    schema: {
      tags: ['leads'],
      summary: '线索评分: the score of a lead with its reasons',
      description:
        'Computed for the moment of the request, so that what came a moment ago is in it; crossings are told by a worker about a second later. The values of attributes are not told.',
      params: NamedParams,
      response: { 200: LeadScoreAnswer },
    },
    config: { scope: 'leads:read', problems: ['gone', 'other_store'] },
    handler: async (request) => {
      const found = await openLead(deps, request.params.id);
      requireReach(request, found);
      const scores = await readLeadScore(deps.db, found.root, deps.clock());
      const active = scores.find(({ model }) => model.state === 'active');
      return {
        lead_id: found.lead.id,
        customer_id: found.root,
        active: active === undefined ? null : answerOf(active),
        shadows: scores.filter(({ model }) => model.state === 'shadow').map(answerOf),
      };
    },
  });
};

function answerOf({ model, score, band, leavesAt }: ModelScore): ModelScoreAnswer {
  const { total, explicit, implicit, at } = score;
  return {
    model: model.version,
    name: model.name,
    band,
    leaves_band_at: momentOf(leavesAt),
    total,
    explicit,
    implicit,
    attributes: [...score.attributes],
    groups: [...score.groups],
    scored_at: formatInstant(at),
  };
}

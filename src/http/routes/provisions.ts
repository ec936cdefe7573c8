import { listProvisions } from '../../store/provision-list.ts';
import type { Routes } from '../deps.ts';
import { ProvisionListAnswer, ProvisionsQuery } from '../schemas/provision.ts';
import { provisionRecord } from '../views/provision.ts';

/** GET /v1/provisions: who received a person. */
export const provisionRoutes: Routes = (app, { db }) => {
  app.get('/v1/provisions', {
    schema: {
      tags: ['privacy'],
      summary: '提供记录: who received a person',
      description:
        'Every endpoint that was given something about the customer or one of the leads, when, how often and what for; latest first. Kept after an erasure and after the endpoint is deleted; it holds nothing of what was given.',
      querystring: ProvisionsQuery,
      response: { 200: ProvisionListAnswer },
    },
    config: { scope: ['ops', 'admin'] },
    handler: async ({ query }) => ({
      items: (await listProvisions(db, query.customer_id.toLowerCase())).map(provisionRecord),
    }),
  });
};

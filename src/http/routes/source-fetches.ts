import { formatInstant, momentOf } from '../../domain/instant.ts';
import { auditAct } from '../../flows/act.ts';
import { getSource } from '../../flows/sources.ts';
import { type ListedFetch, listFetches, retryFetches } from '../../store/lead-fetch-list.ts';
import { actOf } from '../act.ts';
import { idOf } from '../call.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { repeatable } from '../query.ts';
import { IdParams } from '../schemas/id-params.ts';
import {
  FetchesQuery,
  FetchPageAnswer,
  type FetchRecord,
  FetchRetryAnswer,
  FetchRetryBody,
  MOST_RETRIED,
} from '../schemas/source-fetch.ts';

const SCOPE = ['ops', 'admin'] as const;

/** /v1/sources/:id/fetches: leads of which a platform sent the id only, and what became of asking for them. */
export const sourceFetchRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.get('/v1/sources/:id/fetches', {
    schema: {
      tags: ['configuration'],
      summary: '取数列表: leads that are fetched from the platform',
      description: 'Newest first. A push that names a lead by its id is parked until the lead has been fetched.',
      params: IdParams,
      querystring: FetchesQuery,
      response: { 200: FetchPageAnswer },
    },
    config: { scope: SCOPE, problems: ['cursor_invalid'] },
    preValidation: repeatable('state'),
    handler: async (request) => {
      const { limit = 50, cursor, state: states = [] } = request.query;
      const { id } = await getSource(db, idOf(request));
      const question = { fetches_of: id, states };
      const before = readCursor(question, cursor, 0)?.id ?? null;
      const rows = await listFetches(db, id, { states, before, limit: limit + 1 });
      const { items, next } = pageOf(question, rows, limit, ({ submissionId }) => ({ keys: [], id: submissionId }));
      return { items: items.map(recordOf), next_cursor: next };
    },
  });

  app.post('/v1/sources/:id/fetches/retry', {
    schema: {
      tags: ['configuration'],
      summary: '重新取数: fetch again',
      description: `What is dead, and what was fetched but came to no lead (\`no_identity\` and the like, once the field map reads it): all, or those named; ${MOST_RETRIED} at most. Leads that the platform has deleted stay as they are.`,
      params: IdParams,
      body: FetchRetryBody,
      response: { 200: FetchRetryAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const act = actOf(request, deps);
        const { id } = await getSource(tx, idOf(request));
        const ids = request.body.ids?.map((one) => one.toLowerCase()) ?? null;
        const retried = await retryFetches(tx, id, { ids, limit: MOST_RETRIED, now: act.at });
        if (retried > 0) await auditAct(tx, act, 'source.fetches_retried', { kind: 'source', id }, { retried });
        return { status: 200, body: { retried } };
      }),
  });
};

function recordOf(fetch: ListedFetch): FetchRecord {
  return {
    id: fetch.submissionId,
    external_id: fetch.externalId,
    state: fetch.state,
    attempts: fetch.attempts,
    due_at: formatInstant(fetch.dueAt),
    fault: fetch.fault,
    detail: fetch.detail,
    created_at: formatInstant(fetch.createdAt),
    settled_at: momentOf(fetch.settledAt),
  };
}

import { resolveReview } from '../../flows/resolve-review.ts';
import type { Db } from '../../store/database.ts';
import { identitiesOfCustomers } from '../../store/review-identities.ts';
import { listReviews, type Review } from '../../store/reviews-list.ts';
import { actOf } from '../act.ts';
import { grantOf } from '../actor.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { IdParams } from '../schemas/id-params.ts';
import {
  ResolutionBody,
  ResolvedReviewAnswer,
  type ReviewAnswer,
  ReviewPageAnswer,
  ReviewsQuery,
} from '../schemas/review.ts';
import { resolvedAnswer, reviewAnswer } from '../views/review.ts';
import { reachOf } from '../visibility.ts';

/** GET /v1/reviews and POST /v1/reviews/:id/resolve: what a human should look at. */
export const reviewRoutes: Routes = (app, deps) => {
  const { db, vault } = deps;
  app.get('/v1/reviews', {
    schema: {
      tags: ['reviews'],
      summary: '审核列表: merge suggestions, invalid leads with new touches, possible number reuse',
      description:
        'Newest first. A key bound to stores or to an adviser sees those of customers who have a lead within its reach.',
      querystring: ReviewsQuery,
      response: { 200: ReviewPageAnswer },
    },
    config: { scope: ['ops', 'leads:read'], problems: ['cursor_invalid'] },
    handler: async (request) => {
      const { limit = 50, cursor, ...asked } = request.query;
      const place = readCursor(asked, cursor, 1);
      const after = place === null ? null : { at: place.keys[0] ?? 0, id: place.id };
      const filter = { ...asked, reach: reachOf(grantOf(request)) };
      const rows = await listReviews(db, vault, filter, { after, limit: limit + 1 });
      const { items, next } = pageOf(asked, rows, limit, ({ createdAt, id }) => ({ keys: [createdAt], id }));
      return { items: await answersOf(db, deps, items), next_cursor: next };
    },
  });

  app.post('/v1/reviews/:id/resolve', {
    schema: {
      tags: ['reviews'],
      summary: '处理审核: say what came of a review',
      description:
        'It only closes the review: merge, split or change the lead by their own calls. The same again for no change; a new cause opens a new review. The answer names no identities, so none is kept under an Idempotency-Key. A key bound to stores or to an adviser resolves those that it sees.',
      params: IdParams,
      body: ResolutionBody,
      response: { 200: ResolvedReviewAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: ['state_conflict'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { state, note = null } = request.body;
        const review = await resolveReview(
          tx,
          vault,
          actOf(request, deps),
          reachOf(grantOf(request)),
          request.params.id,
          {
            state,
            note,
          },
        );
        return { status: 200, body: resolvedAnswer(review) };
      }),
  });
};

async function answersOf(
  db: Db,
  { vault }: Pick<RouteDeps, 'vault'>,
  reviews: readonly Review[],
): Promise<ReviewAnswer[]> {
  const merges = reviews.filter(({ kind }) => kind === 'merge');
  const customers = merges.flatMap(({ customerId, otherCustomerId }) => [customerId, otherCustomerId ?? customerId]);
  const identities = await identitiesOfCustomers(db, vault, [...new Set(customers)]);
  return reviews.map((review) => reviewAnswer(review, identities));
}

import { rateByHand } from '../../flows/rate-by-hand.ts';
import { rerunRatings } from '../../flows/rerun-ratings.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { requireEveryStore } from '../endpoint-request.ts';
import { idempotent } from '../idempotency.ts';
import { etag } from '../if-match.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { RatingAnswer, RatingBody, RERUN_SIZE, RerunAnswer, RerunBody } from '../schemas/rating.ts';
import { ratingAnswer, rerunAnswer } from '../views/rating.ts';

/** POST /v1/leads/:id/rating and /v1/ratings/rerun: rating by hand, and all over again. */
export const ratingRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.post('/v1/leads/:id/rating', {
    schema: {
      tags: ['leads'],
      summary: '人工评级: rate a lead by hand',
      description:
        'It holds until the next touch of the customer, whatever else would change the rating. Won, lost and invalid leads, and those that an adviser put to sleep, keep the rating they have. The same again for no change.',
      params: NamedParams,
      body: RatingBody,
      response: { 200: RatingAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: ['other_store', 'gone', 'state_conflict'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { rating, reason } = request.body;
        const input = { rating, reason: reason.trim() };
        const rated = await rateByHand(tx, callOf(request), boundsOf(request), idOf(request), input);
        const { lead, customerId } = rated;
        return { status: 200, headers: { etag: etag(lead.version) }, body: ratingAnswer(rated), customerId };
      }),
  });

  app.post('/v1/ratings/rerun', {
    schema: {
      tags: ['leads'],
      summary: '重新评级: rate open leads by the present policy',
      description:
        'A new policy rates a lead at its next event; this rates the others, from their whole history. One call looks at a part of the leads and is done: call again with `next_cursor` until it is null. The same again changes nothing. A dry run takes no lock and writes nothing.',
      body: RerunBody,
      response: { 200: RerunAnswer },
    },
    config: { scope: ['ops', 'admin'], idempotent: true, problems: ['other_store', 'cursor_invalid'] },
    handler: async (request, reply) => {
      requireEveryStore(request);
      const { dry_run = false, limit: size = RERUN_SIZE, cursor } = request.body;
      const mode = dry_run ? 'dry_run' : 'write';
      const question = { rerun: 'ratings' };
      const after = readCursor(question, cursor, 0)?.id ?? null;
      await idempotent(deps, request, reply, async (tx) => {
        const done = await rerunRatings(tx, callOf(request), { after, size, mode });
        const next = done.next === null ? null : writeCursor(question, { keys: [], id: done.next });
        return { status: 200, body: rerunAnswer(done, mode, next) };
      });
    },
  });
};

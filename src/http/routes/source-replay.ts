import { type Replay, type ReplayDeps, replayPushes } from '../../flows/replay-pushes.ts';
import type { Tx } from '../../store/database.ts';
import { actOf } from '../act.ts';
import { bodyMoment } from '../body-moment.ts';
import { leadCorrector } from '../correct-lead.ts';
import type { Routes } from '../deps.ts';
import { type Answer, idempotent } from '../idempotency.ts';
import { auditFullRead } from '../read-in-full.ts';
import { IdParams } from '../schemas/id-params.ts';
import { LeadBody } from '../schemas/lead.ts';
import { ReplayAnswer, ReplayBody } from '../schemas/source-replay.ts';
import { replayAnswer } from '../views/replay.ts';
import { unboundSight } from './source-work.ts';

/** POST /v1/sources/:id/replay: stored pushes through the map as it is now. */
export const sourceReplayRoutes: Routes = (app, deps) => {
  const { vault, capture, inbound, limits } = deps;
  const correct = leadCorrector(limits, deps.validators.body(LeadBody), inbound.evaluate);
  app.post('/v1/sources/:id/replay', {
    schema: {
      tags: ['configuration'],
      summary: '重放: read stored pushes again by the map as it is now',
      description:
        'After a change of the field map, the settings or the secret. What is usable now is taken in, under the keys it came under, so that nothing is taken twice; a run that writes is audited. Values of `kept` are masked but for a key with `pii:read` that is bound to no store or adviser, with `Access-Reason`; then the reading is audited.',
      params: IdParams,
      body: ReplayBody,
      response: { 200: ReplayAnswer },
    },
    config: { scope: ['ops', 'admin'], idempotent: true, problems: ['overloaded', 'date_invalid'] },
    handler: async (request, reply) => {
      const { body } = request;
      const replay: Replay = {
        sourceId: request.params.id.toLowerCase(),
        from: body.from,
        mode: body.dry_run === true ? 'dry_run' : 'real',
        since: bodyMoment(body.since, '/since'),
        ids: body.ids?.map((id) => id.toLowerCase()) ?? null,
        limit: body.limit ?? 100,
      };
      const sight = unboundSight(request);
      const run = async (tx: Tx): Promise<Answer> => {
        const parts: ReplayDeps = { ...inbound, db: tx, vault, capture, correct, region: limits.defaultRegion };
        const done = await replayPushes(parts, actOf(request, deps), replay);
        const ids = replay.from === 'kept' ? done.items.map(({ id }) => id) : [];
        await auditFullRead({ ...deps, db: tx }, request, sight, { kind: 'source', id: replay.sourceId, ids });
        return { status: 200, body: replayAnswer(replay, done, sight) };
      };
      // The answer of a dry run may hold persons, and is kept under no key.
      if (replay.mode === 'dry_run') return (await deps.db.transaction().execute(run)).body as ReplayAnswer;
      await idempotent(deps, request, reply, run);
      return reply;
    },
  });
};

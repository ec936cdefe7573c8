import { forgetRecordingsIn, startRecordingIn } from '../../flows/source-recordings.ts';
import { getSource } from '../../flows/sources.ts';
import { listRecordedPushes, remainingOf } from '../../store/recordings.ts';
import { actOf } from '../act.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { auditFullRead } from '../read-in-full.ts';
import { IdParams } from '../schemas/id-params.ts';
import {
  RecordingBody,
  RecordingStartedAnswer,
  RecordingsAnswer,
  RecordingsForgottenAnswer,
  RecordingsQuery,
} from '../schemas/source-recording.ts';
import { recordingItem } from '../views/recording.ts';
import { unboundSight } from './source-work.ts';

const SCOPE = ['ops', 'admin'] as const;

/** /v1/sources/:id/recordings: pushes kept whole for a look, those that were refused too. */
export const sourceRecordingRoutes: Routes = (app, deps) => {
  const { db, vault, inbound } = deps;
  // This process records from here on; others within CLEW_KEY_CACHE_SECONDS.
  const onSend = () => inbound.book.refresh();
  app.post('/v1/sources/:id/recordings', {
    schema: {
      tags: ['configuration'],
      summary: '录制推送: keep the next pushes whole',
      description:
        'The next `count` pushes are kept for 7 days with their headers, also those that are refused for their signature. Erasing any person forgets them all.',
      params: IdParams,
      body: RecordingBody,
      response: { 200: RecordingStartedAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    onSend,
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { count } = request.body;
        const id = request.params.id.toLowerCase();
        const source = await startRecordingIn(tx, actOf(request, deps), id, count);
        return { status: 200, body: { source_id: source.id, count } };
      }),
  });

  app.get('/v1/sources/:id/recordings', {
    schema: {
      tags: ['configuration'],
      summary: '录制列表: pushes that were recorded',
      description:
        'Newest first. Signatures, tokens and keys are cut for everyone. Phones are masked, and the body is as it came, but for a key with `pii:read` that is bound to no store or adviser, with `Access-Reason`; then the reading is audited.',
      params: IdParams,
      querystring: RecordingsQuery,
      response: { 200: RecordingsAnswer },
    },
    config: { scope: SCOPE },
    handler: async (request) => {
      const { id } = await getSource(db, request.params.id.toLowerCase());
      const pushes = await listRecordedPushes(db, vault, id, request.query.limit ?? 20);
      const sight = unboundSight(request);
      await auditFullRead(deps, request, sight, { kind: 'source', id, ids: pushes.map((push) => push.id) });
      return { remaining: await remainingOf(db, id), items: pushes.map((push) => recordingItem(push, sight)) };
    },
  });

  app.delete('/v1/sources/:id/recordings', {
    schema: {
      tags: ['configuration'],
      summary: '清除录制: forget recorded pushes',
      description: 'And record no more. Again for no change.',
      params: IdParams,
      response: { 200: RecordingsForgottenAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    onSend,
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const id = request.params.id.toLowerCase();
        const forgotten = await forgetRecordingsIn(tx, actOf(request, deps), id);
        return { status: 200, body: { source_id: id, forgotten } };
      }),
  });
};

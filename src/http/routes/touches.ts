import { Type } from 'typebox';
import { voidTouch } from '../../flows/void-touch.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { answeredId } from '../schemas/answer-field.ts';
import { IdParams } from '../schemas/id-params.ts';
import { reasonText } from '../schemas/lead-work.ts';

const TouchVoidBody = Type.Object(
  { reason: reasonText('原因.', 'test_data') },
  { additionalProperties: false, title: 'TouchVoid', description: '作废触点.' },
);
const TouchVoidAnswer = Type.Object(
  {
    touch_id: answeredId('触点 id.'),
    lead_id: answeredId('线索 id.'),
    customer_id: answeredId('客户 id.'),
    changed: Type.Boolean({ description: 'False: it was void already.', examples: [true] }),
  },
  { title: 'VoidedTouch', description: '触点: it counts no more.' },
);

/** POST /v1/touches/:id/void: a touch that should not count. */
export const touchRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.post('/v1/touches/:id/void', {
    schema: {
      tags: ['leads'],
      summary: '作废触点: let a touch count no more',
      description: 'Values are recomputed without it; no decision and no state is reversed. Again for no change.',
      params: IdParams,
      body: TouchVoidBody,
      response: { 200: TouchVoidAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: ['gone', 'other_store'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const reason = request.body.reason.trim();
        const { touchId, leadId, customerId, changed } = await voidTouch(
          tx,
          callOf(request),
          boundsOf(request),
          idOf(request),
          reason,
        );
        const body = { touch_id: touchId, lead_id: leadId, customer_id: customerId, changed };
        return { status: 200, body, customerId };
      }),
  });
};

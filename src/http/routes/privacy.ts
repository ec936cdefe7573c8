import { formatInstant, momentOf } from '../../domain/instant.ts';
import { PURPOSES } from '../../domain/submission.ts';
import { stateConsent } from '../../flows/consent.ts';
import { eraseCustomer } from '../../flows/erase-customer.ts';
import type { Inbound } from '../../flows/inbound.ts';
import { takeSpooled } from '../../flows/take-spooled.ts';
import { bodyMoment } from '../body-moment.ts';
import { boundsOf, callsOf, idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { problem } from '../problem.ts';
import { IdParams } from '../schemas/id-params.ts';
import { ConsentAnswer, ConsentStatementBody, EraseAnswer, EraseBody } from '../schemas/privacy.ts';

/** POST /v1/customers/:id/erase and …/consents: what a person may ask for. */
export const privacyRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  app.post('/v1/customers/:id/erase', {
    schema: {
      tags: ['privacy'],
      summary: '删除个人信息: erase a person',
      description:
        'Identity goes from everything that was kept, raw bodies and stored answers too; counts and money stay. From then on the customer and the leads answer 410. Again for no change.',
      params: IdParams,
      body: EraseBody,
      response: { 200: EraseAnswer },
    },
    config: { scope: ['ops', 'admin'], idempotent: true, problems: ['other_store'] },
    // What waits on disk came before: taken in now, it is erased with the rest.
    preHandler: () => emptySpool(deps.inbound),
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { reason, do_not_contact } = request.body;
        const later = do_not_contact === true ? ('suppressed' as const) : ('new_customer' as const);
        const input = { reason: reason.trim(), later };
        const erased = await eraseCustomer(tx, callOf(request), boundsOf(request), idOf(request), input);
        const { customerId, erasedAt, leads, submissions, suppressed } = erased;
        const body = { customer_id: customerId, erased_at: formatInstant(erasedAt), leads, submissions, suppressed };
        return { status: 200, body, customerId };
      }),
  });

  app.post('/v1/customers/:id/consents', {
    schema: {
      tags: ['privacy'],
      summary: '授权: state a consent or its withdrawal',
      description:
        'The latest dated statement per purpose stands; of two of one moment the withdrawal does. The same again for no change.',
      params: IdParams,
      body: ConsentStatementBody,
      response: { 200: ConsentAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: ['gone', 'other_store', 'date_invalid'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { purpose, granted, at, text_version, channel, proof } = request.body;
        const input = {
          purpose,
          granted,
          statedAt: bodyMoment(at, '/at'),
          textVersion: text_version ?? null,
          channel: channel ?? null,
          proof: proof ?? null,
        };
        const stated = await stateConsent(tx, callOf(request), boundsOf(request), idOf(request), input);
        const consents = Object.fromEntries(
          PURPOSES.map((name) => {
            const { granted: given, statedAt } = stated.standing[name];
            return [name, { granted: given, stated_at: momentOf(statedAt) }];
          }),
        );
        const { customerId, recorded } = stated;
        const body = { customer_id: customerId, recorded, stated_at: formatInstant(stated.statedAt), consents };
        return { status: 200, body, customerId };
      }),
  });
};

async function emptySpool(inbound: Inbound): Promise<void> {
  if (inbound.spool.state().entries === 0) return;
  const cause: unknown = await takeSpooled(inbound).catch((error: unknown) => error);
  if (inbound.spool.state().entries === 0) return;
  throw problem('database_unavailable', { detail: 'Pushes on disk have to be taken in first.', cause });
}

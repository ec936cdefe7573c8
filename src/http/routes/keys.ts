import type { FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { parseInstant } from '../../domain/instant.ts';
import { createKeyIn, type KeyInput, revokeKeyIn } from '../../flows/keys.ts';
import { findKey, listKeys } from '../../store/keys.ts';
import { actOf } from '../act.ts';
import { grantOf } from '../actor.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { problem } from '../problem.ts';
import { IdParams } from '../schemas/id-params.ts';
import { CreatedKeyAnswer, KeyAnswer, KeyBody, KeyListAnswer } from '../schemas/key.ts';
import { keyAnswer } from '../views/key.ts';
import { requireWithinGrant } from '../within-grant.ts';

/** /v1/keys: who may ask. */
export const keyRoutes: Routes = (app, deps) => {
  const { db, forgetKeys } = deps;
  app.post('/v1/keys', {
    schema: {
      tags: ['configuration'],
      summary: '新建密钥: make an API key',
      description:
        'The secret is shown this once, and only its hash is kept. Under an Idempotency-Key the whole answer is kept, encrypted, and the same key gets it again for 90 days: send none where the secret must be kept nowhere.',
      body: KeyBody,
      response: { 201: CreatedKeyAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: ['not_found', 'state_conflict'] },
    handler: (request, reply) => {
      const input = inputOf(request.body);
      requireWithinGrant(grantOf(request), input);
      return idempotent(deps, request, reply, async (tx) => {
        const { key, secret } = await createKeyIn(tx, actOf(request, deps), input);
        return { status: 201, headers: { location: `/v1/keys/${key.id}` }, body: { ...keyAnswer(key), secret } };
      });
    },
  });

  app.get('/v1/keys', {
    schema: {
      tags: ['configuration'],
      summary: '密钥: all API keys',
      description: 'Newest first, expired and revoked ones too.',
      response: { 200: KeyListAnswer },
    },
    config: { scope: 'admin' },
    handler: async () => ({ items: (await listKeys(db)).map(keyAnswer) }),
  });

  app.get('/v1/keys/:id', {
    schema: {
      tags: ['configuration'],
      summary: '密钥: one API key',
      params: IdParams,
      response: { 200: KeyAnswer },
    },
    config: { scope: 'admin' },
    handler: async ({ params: { id } }) => {
      const key = await findKey(db, id);
      if (key === null) throw problem('not_found');
      return keyAnswer(key);
    },
  });

  app.post('/v1/keys/:id/revoke', {
    schema: {
      tags: ['configuration'],
      summary: '吊销密钥: revoke an API key',
      description:
        'For ever: at once in the process that answers, and within CLEW_KEY_CACHE_SECONDS in others. Again for no change.',
      params: IdParams,
      response: { 200: KeyAnswer },
    },
    config: { scope: 'admin', idempotent: true },
    // After the commit and before the answer: nobody who has read it is let in by what this process remembers.
    onSend: async ({ params }: FastifyRequest) => forgetKeys(({ id }) => id === (params as IdParams).id.toLowerCase()),
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const key = await revokeKeyIn(tx, actOf(request, deps), request.params.id);
        return { status: 200, body: keyAnswer(key) };
      }),
  });
};

function inputOf({ source_id, rate_limit, expires_at, ...body }: Static<typeof KeyBody>): KeyInput {
  const expiresAt = expires_at === undefined ? null : parseInstant(expires_at);
  if (expires_at !== undefined && expiresAt === null) {
    const error = { path: '/expires_at', code: 'format', message: 'must be a moment in ISO 8601' };
    throw problem('body_invalid', { errors: [error] });
  }
  return { ...body, sourceId: source_id ?? null, rateLimit: rate_limit ?? null, expiresAt };
}

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SendingEndpoint } from '../../domain/endpoint.ts';
import type { Vault } from '../../domain/vault.ts';
import type { EndpointAct } from '../../flows/endpoint-act.ts';
import { ENDPOINT_OVERLAP_SECONDS } from '../../flows/endpoint-secrets.ts';
import { rotateEndpointSecretIn } from '../../flows/rotate-endpoint-secret.ts';
import { deleteEndpointIn, pauseEndpointIn, resumeEndpointIn } from '../../flows/switch-endpoint.ts';
import { testEndpoint } from '../../flows/test-endpoint.ts';
import type { Tx } from '../../store/database.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { endpointActOf, showEndpoint } from '../endpoint-request.ts';
import { idempotent } from '../idempotency.ts';
import { etag } from '../if-match.ts';
import { EndpointRotationBody, EndpointTestBody } from '../schemas/endpoint.ts';
import { EndpointAnswer, EndpointTestAnswer, EndpointWithSecretAnswer } from '../schemas/endpoint-answer.ts';
import { IdParams } from '../schemas/id-params.ts';

const SCOPE = ['ops', 'admin'] as const;

/** What is done with an endpoint: pause, resume, delete, another secret, a test. */
export const endpointWorkRoutes: Routes = (app, deps) => {
  const { db, vault, outbound, version } = deps;
  const config = { scope: SCOPE, idempotent: true, problems: ['gone', 'other_store'] } as const;
  const answers = { params: IdParams, response: { 200: EndpointAnswer } };
  const switchBy = (change: Switch) => (request: Asked, reply: FastifyReply) =>
    answerSwitched(deps, request, reply, change);

  app.post('/v1/endpoints/:id/pause', {
    schema: {
      tags: ['delivery'],
      summary: '暂停推送: stop an endpoint',
      description: 'Nothing is sent, and what comes is kept until it is resumed. Again for no change.',
      ...answers,
    },
    config,
    handler: switchBy(pauseEndpointIn),
  });

  app.post('/v1/endpoints/:id/resume', {
    schema: {
      tags: ['delivery'],
      summary: '恢复推送: let a paused endpoint go on',
      description:
        'The backlog is drained at its rate, and it counts as if it had never failed. One with full values needs `pii:read`. Again for no change.',
      ...answers,
    },
    config,
    handler: switchBy(resumeEndpointIn),
  });

  app.delete('/v1/endpoints/:id', {
    schema: {
      tags: ['delivery'],
      summary: '删除推送目标: end an endpoint',
      description:
        'For ever: what waits is cancelled; its secrets, its headers and all of its URL but the origin go; what was sent can still be read. Again for no change.',
      ...answers,
    },
    config: { scope: SCOPE, idempotent: true, problems: ['other_store'] },
    handler: switchBy(deleteEndpointIn),
  });

  app.post('/v1/endpoints/:id/rotate-secret', {
    schema: {
      tags: ['delivery'],
      summary: '轮换密钥: give an endpoint a new secret',
      description: `Requests are signed by the new and the former one for \`overlap_seconds\` (${ENDPOINT_OVERLAP_SECONDS} where left out); 0 ends every former one at once. The secret is shown this once and kept encrypted. One with full values needs \`pii:read\`.`,
      params: IdParams,
      body: EndpointRotationBody,
      response: { 200: EndpointWithSecretAnswer },
    },
    config,
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { overlap_seconds: overlap = ENDPOINT_OVERLAP_SECONDS, ...given } = request.body;
        const act = endpointActOf(request, deps);
        const rotated = await rotateEndpointSecretIn(tx, vault, act, request.params.id, { overlap, ...given });
        const answer = await showEndpoint(tx, rotated.sending);
        return { status: 200, headers: { etag: etag(answer.version) }, body: { ...answer, secret: rotated.secret } };
      }),
  });

  app.post('/v1/endpoints/:id/test', {
    schema: {
      tags: ['delivery'],
      summary: '发送测试: send an endpoint a test event now',
      description:
        'A made-up event with `"test": true` and the header `clew-test: true`, signed and sent as a delivery would be, to a paused one too. It counts for nothing and is not tried again; every call sends anew. Answers 200 whatever the receiver said.',
      params: IdParams,
      body: EndpointTestBody,
      response: { 200: EndpointTestAnswer },
    },
    config: { scope: SCOPE, problems: ['gone', 'other_store'] },
    handler: async (request) => {
      const type = request.body?.type ?? 'lead.created';
      const act = endpointActOf(request, deps);
      const test = await testEndpoint({ db, vault, outbound, version }, act, request.params.id, type);
      const { duration, ...answer } = test;
      return { ...answer, duration_ms: Math.round(duration) };
    },
  });
};

type Asked = FastifyRequest<{ Params: IdParams }>;
type Switch = (tx: Tx, vault: Vault, act: EndpointAct, id: string) => Promise<SendingEndpoint>;

async function answerSwitched(deps: RouteDeps, request: Asked, reply: FastifyReply, change: Switch): Promise<void> {
  await idempotent(deps, request, reply, async (tx) => {
    const sending = await change(tx, deps.vault, endpointActOf(request, deps), request.params.id);
    const body = await showEndpoint(tx, sending);
    return { status: 200, headers: { etag: etag(body.version) }, body };
  });
  deps.outbound.sender.forget(request.params.id);
}

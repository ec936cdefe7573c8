import type { FastifyRequest } from 'fastify';
import type { Push } from '../../channels/channel.ts';
import type { Instant } from '../../domain/instant.ts';
import { previewPush, pushedSource, withFieldMap } from '../../flows/preview-push.ts';
import { ADDRESS_OVERLAP_SECONDS, rotateAddressIn } from '../../flows/source-address.ts';
import { actOf } from '../act.ts';
import { grantOf } from '../actor.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { etag } from '../if-match.ts';
import { problem } from '../problem.ts';
import { auditFullRead } from '../read-in-full.ts';
import { IdParams } from '../schemas/id-params.ts';
import { AddressRotationBody, SourceWithAddressAnswer } from '../schemas/source.ts';
import { PreviewAnswer, PreviewBody } from '../schemas/source-preview.ts';
import { sightOf } from '../sight.ts';
import { previewAnswer } from '../views/preview.ts';
import { sourceAnswer } from '../views/source.ts';
import { reachOf } from '../visibility.ts';

const SCOPE = ['ops', 'admin'] as const;

/** What is done with a source that pushes come to: another address, a look at what a push would become. */
export const sourceWorkRoutes: Routes = (app, deps) => {
  const { db, vault, inbound, clock } = deps;
  app.post('/v1/sources/:id/rotate-address', {
    schema: {
      tags: ['configuration'],
      summary: '更换推送地址: give a source a new address',
      description: `The former address still works for \`overlap_seconds\` (${ADDRESS_OVERLAP_SECONDS} where left out). The new one is shown this once; under an Idempotency-Key the answer is kept, encrypted.`,
      params: IdParams,
      body: AddressRotationBody,
      response: { 200: SourceWithAddressAnswer },
    },
    config: { scope: SCOPE, idempotent: true },
    onSend: () => inbound.book.refresh(),
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { overlap_seconds: overlap = ADDRESS_OVERLAP_SECONDS } = request.body;
        const rotated = await rotateAddressIn(tx, actOf(request, deps), request.params.id.toLowerCase(), overlap);
        const { source, address } = rotated;
        return { status: 200, headers: { etag: etag(source.version) }, body: { ...sourceAnswer(source), address } };
      }),
  });

  app.post('/v1/sources/:id/preview', {
    schema: {
      tags: ['configuration'],
      summary: '预览: what a push would become',
      description:
        'A pasted push is read by the map of the source, or by another one, and judged as if it came now; nothing is written. Phones are masked but for a key with `pii:read` that is bound to no store or adviser, with `Access-Reason`; then the reading is audited.',
      params: IdParams,
      body: PreviewBody,
      response: { 200: PreviewAnswer },
    },
    config: { scope: SCOPE },
    handler: async (request) => {
      const { body } = request;
      const push = pastedPush(body, clock());
      const own = await pushedSource(db, vault, request.params.id.toLowerCase());
      const loaded = body.field_map === undefined ? own : withFieldMap(own, body.field_map);
      const preview = await previewPush(inbound, loaded, push);
      const sight = unboundSight(request);
      const { id } = loaded.source;
      await auditFullRead(deps, request, sight, { kind: 'source', id, ids: [id] });
      return previewAnswer(preview, sight);
    },
  });
};

/** The sight of a request on what is nobody's lead yet: in full for no key that is bound to stores or an adviser. */
export function unboundSight(request: FastifyRequest): ReturnType<typeof sightOf> {
  return reachOf(grantOf(request)) === null ? sightOf(request) : { kind: 'masked', why: 'scope_missing' };
}

/** A push as it was pasted; throws `body_invalid` where it was given twice. */
function pastedPush(given: PreviewBody, receivedAt: Instant): Push {
  const { body, body_base64: base64, content_type: type = 'application/json', headers = {}, query = '' } = given;
  if (body !== undefined && base64 !== undefined) {
    const error = { path: '/body_base64', code: 'refused', message: 'must not be given beside body' };
    throw problem('body_invalid', { errors: [error] });
  }
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    method: given.method ?? 'POST',
    path: '/v1/hooks/…',
    query,
    headers: { 'content-type': type, ...Object.fromEntries(named) },
    body: base64 === undefined ? Buffer.from(body ?? '') : Buffer.from(base64, 'base64'),
    receivedAt,
  };
}

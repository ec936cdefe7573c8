import { Type } from 'typebox';
import { formatInstant } from '../../domain/instant.ts';
import { setPolicy } from '../../flows/set-policy.ts';
import { activePolicy, findPolicy, listPolicies, type SetPolicy } from '../../store/policies.ts';
import { actOf } from '../act.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { etag, IfMatchHeaders, ifMatch } from '../if-match.ts';
import { problem } from '../problem.ts';
import { pageQuery } from '../query.ts';
import { PolicyAnswer, PolicyChangeBody, PolicyPageAnswer } from '../schemas/policy.ts';

const VersionParams = Type.Object({
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: '规则版本.', examples: [1] }),
});
const VersionsQuery = Type.Object(
  {
    limit: pageQuery.limit,
    cursor: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: '游标: next_cursor of the page before.' }),
    ),
  },
  { additionalProperties: false },
);

/** /v1/policy: the numbers of judging, each change a new version. */
export const policyRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.get('/v1/policy', {
    schema: {
      tags: ['configuration'],
      summary: '规则: the active policy',
      description: 'The ETag is its version, for If-Match.',
      response: { 200: PolicyAnswer },
    },
    config: { scope: 'admin' },
    handler: async (_request, reply) => {
      const active = await activePolicy(db);
      if (active === null) throw problem('not_found');
      reply.header('etag', etag(active.version));
      return policyAnswer(active);
    },
  });

  app.put('/v1/policy', {
    schema: {
      tags: ['configuration'],
      summary: '规则变更: set the whole policy',
      description:
        'Makes the next version, which decides from the next submission on; versions before it stay as they were. The same document again makes no version.',
      headers: IfMatchHeaders,
      body: PolicyChangeBody,
      response: { 200: PolicyAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: ['version_required', 'version_conflict', 'not_found'] },
    handler: (request, reply) => {
      const change = { ...request.body, seen: ifMatch(request) };
      return idempotent(deps, request, reply, async (tx) => {
        const policy = await setPolicy(tx, actOf(request, deps), change);
        return { status: 200, headers: { etag: etag(policy.version) }, body: policyAnswer(policy) };
      });
    },
  });

  app.get('/v1/policy/versions', {
    schema: {
      tags: ['configuration'],
      summary: '规则版本: every policy that was ever active',
      description: 'Newest first, each with who set it and why.',
      querystring: VersionsQuery,
      response: { 200: PolicyPageAnswer },
    },
    config: { scope: 'admin' },
    handler: async ({ query: { limit = 50, cursor } }) => {
      const rows = await listPolicies(db, cursor ?? null, limit + 1);
      const items = rows.slice(0, limit);
      const last = items.at(-1);
      const next = rows.length > limit && last !== undefined ? String(last.version) : null;
      return { items: items.map(policyAnswer), next_cursor: next };
    },
  });

  app.get('/v1/policy/versions/:version', {
    schema: {
      tags: ['configuration'],
      summary: '规则版本: one policy that was active',
      params: VersionParams,
      response: { 200: PolicyAnswer },
    },
    config: { scope: 'admin' },
    handler: async ({ params: { version } }) => {
      const policy = await findPolicy(db, version);
      if (policy === null) throw problem('not_found');
      return policyAnswer(policy);
    },
  });
};

function policyAnswer({ version, document, reason, actor, createdAt }: SetPolicy): PolicyAnswer {
  return { version, document, reason, actor, created_at: formatInstant(createdAt) };
}

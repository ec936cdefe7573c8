import { Fault } from '../../domain/fault.ts';
import { formatInstant } from '../../domain/instant.ts';
import { readIdentity, suppress, TOKEN_SHOWN, unsuppress } from '../../flows/suppress.ts';
import { listSuppressions, type Suppression } from '../../store/suppressions.ts';
import { callsOf } from '../call.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import {
  SuppressBody,
  SuppressionPageAnswer,
  SuppressionRecord,
  SuppressionsQuery,
  UnsuppressBody,
} from '../schemas/privacy.ts';

const SCOPE = ['ops', 'admin'] as const;

/** GET, PUT and DELETE /v1/suppressions: who is not to be processed, by keyed hash. */
export const suppressionRoutes: Routes = (app, deps) => {
  const callOf = callsOf(deps);
  const { db, limits } = deps;
  app.get('/v1/suppressions', {
    schema: {
      tags: ['privacy'],
      summary: '不再处理名单: the do-not-process list',
      description: 'Newest first. It holds keyed hashes: nobody can be read from it.',
      querystring: SuppressionsQuery,
      response: { 200: SuppressionPageAnswer },
    },
    config: { scope: SCOPE, problems: ['cursor_invalid'] },
    handler: async ({ query: { limit = 50, cursor } }) => {
      const place = readCursor(QUESTION, cursor, 1);
      const after = place === null ? null : { at: place.keys[0] ?? 0, token: tokenOf(place.id) };
      const rows = await listSuppressions(db, after, limit + 1);
      const { items, next } = pageOf(QUESTION, rows, limit, ({ createdAt, token }) => ({
        keys: [createdAt],
        id: placeId(token),
      }));
      return { items: items.map(recordOf), next_cursor: next };
    },
  });

  app.put('/v1/suppressions', {
    schema: {
      tags: ['privacy'],
      summary: '加入名单: let an identity not be processed any more',
      description: 'Later submissions by it are `suppressed`: no lead, no content kept. Again for no change.',
      body: SuppressBody,
      response: { 200: SuppressionRecord, 201: SuppressionRecord },
    },
    config: { scope: SCOPE, idempotent: true },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { reason, ...named } = request.body;
        const identity = readIdentity(withTextIds(named), limits.defaultRegion);
        const { entry, added } = await suppress(tx, callOf(request), identity, reason.trim());
        return { status: added ? 201 : 200, body: recordOf(entry) };
      }),
  });

  app.delete('/v1/suppressions', {
    schema: {
      tags: ['privacy'],
      summary: '移出名单: let an identity be processed again',
      description: 'By the identity or by its token, in the body.',
      body: UnsuppressBody,
      response: { 204: { type: 'null', description: 'It is off the list.' } },
    },
    config: { scope: SCOPE, idempotent: true, problems: ['not_found', 'state_conflict'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const { token, reason: _reason, ...named } = request.body;
        await unsuppress(tx, callOf(request), namedBy(token, withTextIds(named), limits.defaultRegion));
        return { status: 204, body: {} };
      }),
  });
};

const QUESTION = { list: 'suppressions' };

type Named = Omit<UnsuppressBody, 'token' | 'reason'>;

function namedBy(token: string | undefined, named: ReturnType<typeof withTextIds>, region: string) {
  if (token === undefined) return readIdentity(named, region);
  if (Object.keys(named).length === 0) return { token };
  throw new Fault('body_invalid', 'token', 'Name one of phone, wechat, wecom, token.');
}

/** Whole numbers that are ids become text. */
function withTextIds({ phone, wechat, wecom }: Named) {
  return {
    ...(phone === undefined ? {} : { phone: String(phone) }),
    ...(wechat === undefined ? {} : { wechat }),
    ...(wecom === undefined
      ? {}
      : { wecom: { corp_id: String(wecom.corp_id), external_user_id: String(wecom.external_user_id) } }),
  };
}

function recordOf({ token, reason, actor, createdAt }: Suppression): SuppressionRecord {
  return { token: token.slice(0, TOKEN_SHOWN), reason, actor, created_at: formatInstant(createdAt) };
}

/** A cursor names its place by an id: half of the hash in the form of one. */
function placeId(token: string): string {
  return token.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function tokenOf(id: string): string {
  return id.replaceAll('-', '');
}

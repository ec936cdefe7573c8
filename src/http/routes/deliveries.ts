import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Attempt, Delivery } from '../../domain/delivery.ts';
import { momentOf } from '../../domain/instant.ts';
import { type DeliveryFilter, deliveryOrder, findDelivery, listDeliveries } from '../../store/delivery-list.ts';
import { listAttempts, nextAttemptAt, readDeliveryBody, wasEverFull } from '../../store/delivery-read.ts';
import { grantOf } from '../actor.ts';
import { idOf } from '../call.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { problem } from '../problem.ts';
import { pageQuery, readMoments, repeatable } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { AttemptPageAnswer, DeliveriesQuery, DeliveryDetail, DeliveryPageAnswer } from '../schemas/delivery.ts';
import { IdParams } from '../schemas/id-params.ts';
import { sightOf } from '../sight.ts';
import { attemptRecord, deliveryRecord } from '../views/delivery.ts';
import { reachOf } from '../visibility.ts';

type Asked = Omit<DeliveriesQuery, 'limit' | 'cursor'>;

const SCOPE = ['ops', 'admin'] as const;
const SHOWN = 50; // attempts of a detail
const PageQuery = Type.Object(pageQuery, { additionalProperties: false });

/** GET /v1/deliveries, …/:id and …/:id/attempts: what became of every event for every endpoint. */
export const deliveryRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.get('/v1/deliveries', {
    schema: {
      tags: ['delivery'],
      summary: '推送列表: list deliveries',
      description:
        'Newest first by `created_at`; where only `dead`, `withheld` and `cancelled` are asked for, by `settled_at`. Of `event_id`, `lead_id` and `customer_id` one at most.',
      querystring: DeliveriesQuery,
      response: { 200: DeliveryPageAnswer },
    },
    config: { scope: SCOPE, problems: ['cursor_invalid'] },
    preValidation: repeatable('state'),
    handler: async ({ query: { cursor, limit = 50, ...asked } }) => {
      const filter = filterOf(asked);
      const place = readCursor(asked, cursor, 1);
      const after = place === null ? null : { at: place.keys[0] ?? 0, id: place.id };
      const rows = await listDeliveries(db, filter, { after, limit: limit + 1 });
      const byFailure = deliveryOrder(filter) === 'failed';
      const { items, next } = pageOf(asked, rows, limit, ({ id, createdAt, settledAt }) => ({
        keys: [byFailure ? (settledAt ?? createdAt) : createdAt],
        id,
      }));
      return { items: items.map(deliveryRecord), next_cursor: next };
    },
  });

  app.get('/v1/deliveries/:id', {
    schema: {
      tags: ['delivery'],
      summary: '推送详情: one delivery, with its attempts and what it sends',
      description:
        'The body is what every attempt sends. That of an endpoint that is or ever was `full` is shown with `pii:read` and `Access-Reason` only, and the reading is audited; a key bound to stores or to an adviser is shown none.',
      params: IdParams,
      response: { 200: DeliveryDetail },
    },
    config: { scope: SCOPE },
    handler: async (request) => {
      const delivery = await openDelivery(deps, idOf(request));
      const [attempts, next_attempt_at, shown] = await Promise.all([
        listAttempts(db, delivery, { before: null, limit: SHOWN }),
        nextAttemptAt(db, delivery),
        bodyFor(deps, request, delivery),
      ]);
      return {
        ...deliveryRecord(delivery),
        next_attempt_at: momentOf(next_attempt_at),
        attempts: attempts.map(await excerptsFor(deps, request, delivery)).map(attemptRecord),
        ...shown,
      };
    },
  });

  app.get('/v1/deliveries/:id/attempts', {
    schema: {
      tags: ['delivery'],
      summary: '尝试: every attempt of a delivery',
      description: 'Newest first.',
      params: IdParams,
      querystring: PageQuery,
      response: { 200: AttemptPageAnswer },
    },
    config: { scope: SCOPE, problems: ['cursor_invalid'] },
    handler: async (request) => {
      const { limit = 50, cursor } = request.query;
      const delivery = await openDelivery(deps, idOf(request));
      const question = { attempts_of_delivery: delivery.id };
      const before = readCursor(question, cursor, 1)?.keys[0] ?? null;
      const rows = await listAttempts(db, delivery, { before, limit: limit + 1 });
      const { items, next } = pageOf(question, rows, limit, ({ number }) => ({ keys: [number], id: delivery.id }));
      const seen = await excerptsFor(deps, request, delivery);
      return { items: items.map(seen).map(attemptRecord), next_cursor: next };
    },
  });
};

async function openDelivery({ db }: Pick<RouteDeps, 'db'>, id: string): Promise<Delivery> {
  const delivery = await findDelivery(db, id);
  if (delivery === null) throw problem('not_found');
  return delivery;
}

/** Attempts as the request may see them: receivers often answer with what they were sent, and only phones in it are masked. */
async function excerptsFor(
  { db }: Pick<RouteDeps, 'db'>,
  request: FastifyRequest,
  { endpointId }: Delivery,
): Promise<(attempt: Attempt) => Attempt> {
  const bound = reachOf(grantOf(request)) !== null;
  const hidden = bound || (sightOf(request).kind === 'masked' && (await wasEverFull(db, endpointId)));
  return (attempt) => (hidden ? { ...attempt, excerpt: null } : attempt);
}

type Shown = Pick<DeliveryDetail, 'content_type' | 'body' | 'body_masked'>;

const NONE: Shown = { content_type: null, body: null, body_masked: false };

/** What a delivery sends, as far as the request may see it. */
async function bodyFor(deps: RouteDeps, request: FastifyRequest, delivery: Delivery): Promise<Shown> {
  const kept = await readDeliveryBody(deps.db, deps.vault, delivery);
  if (kept === null) return NONE;
  const shown: Shown = { content_type: kept.contentType, body: kept.body.toString(), body_masked: false };
  if (reachOf(grantOf(request)) !== null) return { ...NONE, body_masked: true };
  if (!(await wasEverFull(deps.db, delivery.endpointId))) return shown;
  const sight = sightOf(request);
  if (sight.kind === 'masked') return { ...NONE, body_masked: true };
  const { leadId, customerId } = delivery;
  const subject = leadId ?? customerId;
  const kind = leadId === null ? ('customer' as const) : ('lead' as const);
  await auditFullRead(deps, request, sight, { kind, id: subject, ids: subject === null ? [] : [subject] });
  return shown;
}

const NAMED = ['event_id', 'lead_id', 'customer_id'] as const;

function filterOf({ endpoint_id, event_id, lead_id, customer_id, state, ...asked }: Asked): DeliveryFilter {
  const { from, to } = readMoments(asked, ['from', 'to']);
  const named = { event_id, lead_id, customer_id };
  const errors = NAMED.filter((name) => named[name] !== undefined)
    .slice(1)
    .map((name) => ({
      path: `/${name}`,
      code: 'not_allowed',
      message: `only one of ${NAMED.join(', ')} can be asked for`,
    }));
  if (errors.length > 0) throw problem('query_invalid', { errors });
  return {
    ...(endpoint_id === undefined ? {} : { endpointId: endpoint_id.toLowerCase() }),
    ...(event_id === undefined ? {} : { eventId: event_id.toLowerCase() }),
    ...(lead_id === undefined ? {} : { leadId: lead_id.toLowerCase() }),
    ...(customer_id === undefined ? {} : { customerId: customer_id.toLowerCase() }),
    ...(state === undefined ? {} : { states: state }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

import { Type } from 'typebox';
import { partnersOf } from '../../store/customer-read.ts';
import { listCustomerEvents } from '../../store/event-list.ts';
import { mergedLeadIds } from '../../store/lead-read.ts';
import { readPolicy } from '../../store/rules.ts';
import { sessionOf } from '../../store/session.ts';
import { snapshot } from '../../store/snapshot.ts';
import { listTouches } from '../../store/touch-list.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { eventCursor, eventPlace } from '../event-cursor.ts';
import { etag } from '../if-match.ts';
import { factsOf, lookAtCustomer, openCustomer, requireCustomer } from '../open-customer.ts';
import { pageQuery } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { pageAnswer } from '../schemas/answer-field.ts';
import { CustomerExists, CustomerRecord } from '../schemas/customer-answer.ts';
import { EventPageAnswer } from '../schemas/event-answer.ts';
import { IdParams } from '../schemas/id-params.ts';
import { TouchExists, TouchRecord } from '../schemas/touch-answer.ts';
import { sightOf } from '../sight.ts';
import { touchCursor, touchPlace } from '../touch-cursor.ts';
import { customerExists, customerRecord } from '../views/customer.ts';
import { eventRecord } from '../views/event.ts';
import { touchRecord } from '../views/touch.ts';
import { coveredIds } from '../visibility.ts';

const PageQuery = Type.Object(pageQuery, { additionalProperties: false });
const ALIAS = 'The id of a customer that was merged into another stands for that one.';

/** GET /v1/customers/:id with its touches and its timeline. */
export const customerReadRoutes: Routes = (app, deps) => {
  const { db, vault } = deps;
  app.get('/v1/customers/:id', {
    schema: {
      tags: ['customers'],
      summary: '客户详情: one person, all that is known',
      description: `${ALIAS} The ETag is the version, for If-Match. A key bound to stores or to an adviser reads a person in full when it may read one of the leads, and of the other leads that they exist; else it learns that the person exists, with the masked phone.`,
      params: IdParams,
      response: { 200: Type.Union([CustomerRecord, CustomerExists]) },
    },
    config: { scope: 'leads:read', problems: ['gone'] },
    handler: async (request, reply) => {
      const { facts, look, policy } = await snapshot(db, async (tx) => {
        const on = { db: tx, vault };
        const found = await openCustomer(on, request.params.id);
        const look = await lookAtCustomer(on, request, found.customer.id);
        const { document: policy } = await readPolicy(sessionOf(tx));
        return { facts: await factsOf(on, found, look), look, policy };
      });
      if (!look.inReach) return customerExists(facts);
      const { id, version } = facts.customer;
      const sight = sightOf(request);
      await auditFullRead(deps, request, sight, { kind: 'customer', id, ids: [id] });
      reply.header('etag', etag(version));
      return customerRecord(facts, policy, look.reach, sight);
    },
  });

  app.get('/v1/customers/:id/touches', {
    schema: {
      tags: ['customers'],
      summary: '触点: every touch of a person',
      description: `Of all leads, oldest first by occurred_at, voided ones too. ${ALIAS} Touches on leads of other stores only exist.`,
      params: IdParams,
      querystring: PageQuery,
      response: { 200: pageAnswer(Type.Union([TouchRecord, TouchExists]), 'CustomerTouchPage') },
    },
    config: { scope: 'leads:read', problems: ['gone', 'other_store', 'cursor_invalid'] },
    handler: async (request) => {
      const { limit = 50, cursor } = request.query;
      const { customer } = await openCustomer(deps, request.params.id);
      const question = { touches_of_customer: customer.id };
      const after = touchPlace(readCursor(question, cursor, 2));
      const { look, rows, shown } = await snapshot(db, async (tx) => {
        const on = { db: tx, vault };
        const look = requireCustomer(await lookAtCustomer(on, request, customer.id));
        const { members } = look;
        const holder = { kind: 'customer', members } as const;
        const traces = [...members, ...(await partnersOf(tx, members))];
        const rows = await listTouches(tx, vault, holder, traces, { after, limit: limit + 1 });
        const shown = new Set(await mergedLeadIds(tx, coveredIds(look.reach, look.leads)));
        return { look, rows, shown };
      });
      const { items, next } = pageOf(question, rows, limit, touchCursor);
      const sight = sightOf(request);
      const isShown = (leadId: string): boolean => look.reach === null || shown.has(leadId);
      const ids = items.some((touch) => isShown(touch.lead_id)) ? [customer.id] : [];
      await auditFullRead(deps, request, sight, { kind: 'customer', id: customer.id, ids });
      return {
        items: items.map((touch) =>
          isShown(touch.lead_id) ? touchRecord(touch, sight) : { id: touch.id, exists: true as const },
        ),
        next_cursor: next,
      };
    },
  });

  app.get('/v1/customers/:id/timeline', {
    schema: {
      tags: ['customers'],
      summary: '时间线: everything that happened to a person',
      description: `The events of all leads and of the person, newest first by recorded_at. ${ALIAS} A key bound to stores or to an adviser gets the events of the leads that it may read, and those of no lead.`,
      params: IdParams,
      querystring: PageQuery,
      response: { 200: EventPageAnswer },
    },
    config: { scope: 'leads:read', problems: ['gone', 'other_store', 'cursor_invalid'] },
    handler: async (request) => {
      const { limit = 50, cursor } = request.query;
      const { customer } = await openCustomer(deps, request.params.id);
      const question = { timeline_of_customer: customer.id };
      const after = eventPlace(readCursor(question, cursor, 2));
      const rows = await snapshot(db, async (tx) => {
        const on = { db: tx, vault };
        const { reach, leads, members } = requireCustomer(await lookAtCustomer(on, request, customer.id));
        const leadIds = await mergedLeadIds(tx, coveredIds(reach, leads));
        const customerIds = [...members, ...(await partnersOf(tx, members))];
        return listCustomerEvents(tx, { leadIds, customerIds }, members, { after, limit: limit + 1 });
      });
      const { items, next } = pageOf(question, rows, limit, eventCursor);
      return { items: items.map(eventRecord), next_cursor: next };
    },
  });
};

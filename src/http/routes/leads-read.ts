import { Type } from 'typebox';
import { listLeadEvents } from '../../store/event-list.ts';
import { listDeals, mergedLeadIds } from '../../store/lead-read.ts';
import { snapshot } from '../../store/snapshot.ts';
import { firstResponse } from '../../store/task-read.ts';
import { listTouches } from '../../store/touch-list.ts';
import { grantOf } from '../actor.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { eventCursor, eventPlace } from '../event-cursor.ts';
import { etag } from '../if-match.ts';
import { openLead, requireReach, traceOf } from '../open-lead.ts';
import { pageQuery } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { pageAnswer } from '../schemas/answer-field.ts';
import { EventPageAnswer } from '../schemas/event-answer.ts';
import { LeadDetail, LeadExists } from '../schemas/lead-answer.ts';
import { NamedParams } from '../schemas/named-params.ts';
import { TouchRecord } from '../schemas/touch-answer.ts';
import { sightOf } from '../sight.ts';
import { touchCursor, touchPlace } from '../touch-cursor.ts';
import { eventRecord } from '../views/event.ts';
import { leadDetail, leadExists } from '../views/lead.ts';
import { touchRecord } from '../views/touch.ts';
import { covers, reachOf } from '../visibility.ts';

const PageQuery = Type.Object(pageQuery, { additionalProperties: false });
const MERGED = 'The id of a lead that was merged away stands for its survivor.';

/** GET /v1/leads/:id with its touches and its timeline. */
export const leadReadRoutes: Routes = (app, deps) => {
  const { db, vault } = deps;
  app.get('/v1/leads/:id', {
    schema: {
      tags: ['leads'],
      summary: '线索详情: one lead',
      description: `${MERGED} The ETag is the version, for If-Match. A key bound to other stores learns that it exists, with the masked phone.`,
      params: NamedParams,
      response: { 200: Type.Union([LeadDetail, LeadExists]) },
    },
    config: { scope: 'leads:read', problems: ['gone'] },
    handler: async (request, reply) => {
      const { found, family, deals, responded } = await snapshot(db, async (tx) => {
        const found = await openLead({ db: tx, vault }, request.params.id);
        const family = await mergedLeadIds(tx, [found.lead.id]);
        const responded = await firstResponse(tx, family, found.lead.cycle);
        return { found, family, deals: await listDeals(tx, family), responded };
      });
      const { id, version } = found.lead;
      if (!covers(reachOf(grantOf(request)), found.lead)) return leadExists(found);
      const sight = sightOf(request);
      await auditFullRead(deps, request, sight, { kind: 'lead', id, ids: [id] });
      reply.header('etag', etag(version));
      return leadDetail(found, found.asked, family, deals, responded, sight);
    },
  });

  app.get('/v1/leads/:id/touches', {
    schema: {
      tags: ['leads'],
      summary: '触点: the touches of a lead',
      description: `Oldest first by occurred_at, voided ones too, each with every submission that spoke of it. ${MERGED}`,
      params: NamedParams,
      querystring: PageQuery,
      response: { 200: pageAnswer(TouchRecord, 'TouchPage') },
    },
    config: { scope: 'leads:read', problems: ['gone', 'other_store', 'cursor_invalid'] },
    handler: async (request) => {
      const found = await openLead(deps, request.params.id);
      requireReach(request, found);
      const { limit = 50, cursor } = request.query;
      const { id } = found.lead;
      const question = { touches_of_lead: id };
      const after = touchPlace(readCursor(question, cursor, 2));
      const { leadIds, customerIds } = await traceOf(deps, found);
      const holder = { kind: 'leads', ids: leadIds } as const;
      const rows = await listTouches(db, vault, holder, customerIds, { after, limit: limit + 1 });
      const { items, next } = pageOf(question, rows, limit, touchCursor);
      const sight = sightOf(request);
      await auditFullRead(deps, request, sight, { kind: 'lead', id, ids: items.length === 0 ? [] : [id] });
      return { items: items.map((touch) => touchRecord(touch, sight)), next_cursor: next };
    },
  });

  app.get('/v1/leads/:id/events', {
    schema: {
      tags: ['leads'],
      summary: '时间线: everything that happened to a lead',
      description: `In sequence: each submission with its decision, rule and policy version, each assignment and its reason, each change of state and each deal, with time, actor and request id. Entries are never changed. ${MERGED}`,
      params: NamedParams,
      querystring: PageQuery,
      response: { 200: EventPageAnswer },
    },
    config: { scope: 'leads:read', problems: ['gone', 'other_store', 'cursor_invalid'] },
    handler: async (request) => {
      const found = await openLead(deps, request.params.id);
      requireReach(request, found);
      const { limit = 50, cursor } = request.query;
      const question = { events_of_lead: found.lead.id };
      const after = eventPlace(readCursor(question, cursor, 2));
      const rows = await listLeadEvents(db, await traceOf(deps, found), { after, limit: limit + 1 });
      const { items, next } = pageOf(question, rows, limit, eventCursor);
      return { items: items.map(eventRecord), next_cursor: next };
    },
  });
};

import { Type } from 'typebox';
import { type AuditFilter, listAudit } from '../../store/audit.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { pageQuery, queryMoment, readMoments } from '../query.ts';
import { AuditPageAnswer } from '../schemas/audit-answer.ts';
import { auditRecord } from '../views/audit.ts';

const text = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description, examples: [example] }));

const AuditQuery = Type.Object(
  {
    actor: text('操作者, in full.', 'adviser:A1 via key:crm'),
    action: text('操作.', 'phone.read'),
    subject: text('对象 id: also where a reading lists it among others.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    from: queryMoment('From, inclusive.'),
    to: queryMoment('To, exclusive.'),
    ...pageQuery,
  },
  { additionalProperties: false },
);

/** GET /v1/audit: who read and changed what is no event of a lead. There is no route that changes an entry. */
export const auditRoutes: Routes = (app, { db }) => {
  app.get('/v1/audit', {
    schema: {
      tags: ['operations'],
      summary: '审计: who read phones, and who changed keys and configuration',
      description: 'Newest first. Entries cannot be changed or deleted; what happened to a lead is in its events.',
      querystring: AuditQuery,
      response: { 200: AuditPageAnswer },
    },
    config: { scope: 'admin', problems: ['cursor_invalid'] },
    handler: async (request) => {
      const { cursor, limit = 50, ...asked } = request.query;
      const { from, to } = readMoments(asked, ['from', 'to']);
      const place = readCursor(asked, cursor, 1);
      const filter: AuditFilter = {
        limit: limit + 1,
        ...(asked.actor === undefined ? {} : { actor: asked.actor }),
        ...(asked.action === undefined ? {} : { action: asked.action }),
        ...(asked.subject === undefined ? {} : { subjectId: asked.subject }),
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
        ...(place === null ? {} : { before: { at: place.keys[0] ?? 0, id: place.id } }),
      };
      const rows = await listAudit(db, filter);
      const { items, next } = pageOf(asked, rows, limit, ({ at, id }) => ({ keys: [at], id }));
      return { items: items.map(auditRecord), next_cursor: next };
    },
  });
};

import { Type } from 'typebox';
import { leadRecord } from '../../domain/lead-record.ts';
import { listLeads } from '../../store/lead-list.ts';
import { LEAD_SORTS } from '../../store/lead-page.ts';
import { grantOf } from '../actor.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { leadFilterOf, leadFilterQuery } from '../lead-filter.ts';
import { pageQuery, refusePersonalQuery, repeatable } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { LeadPageAnswer } from '../schemas/lead-answer.ts';
import { sightOf } from '../sight.ts';
import { reachOf } from '../visibility.ts';

const ListQuery = Type.Object(
  {
    ...leadFilterQuery,
    sort: Type.Optional(
      Type.Unsafe<(typeof LEAD_SORTS)[number]>({
        type: 'string',
        enum: [...LEAD_SORTS],
        default: '-created_at',
        description: '排序: newest first with `-`.',
      }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);

const ABOUT = `Merged-away, erased and reverted leads are not listed. A key bound to stores or to an adviser gets the leads of those stores, and those that the adviser owns; \`On-Behalf-Of\` names who acts and narrows nothing.

Pages by \`created_at\` are stable while leads arrive: none comes twice, none is left out. A lead that changes while pages by
\`updated_at\` are read moves to the newer end: with \`sort=updated_at\` it comes again, so a copy is kept up to date by reading on
from \`updated_from\` the last one seen, less a minute for what was still being written.
With \`pii:read\` and \`Access-Reason\`, phones are in full and the reading is audited.`;

/** GET /v1/leads: the list. */
export const leadListRoutes: Routes = (app, deps) => {
  app.get('/v1/leads', {
    schema: {
      tags: ['leads'],
      summary: '线索列表: list leads',
      description: ABOUT,
      querystring: ListQuery,
      response: { 200: LeadPageAnswer },
    },
    config: { scope: 'leads:read', problems: ['cursor_invalid'] },
    preValidation: [refusePersonalQuery('/v1/leads/search'), repeatable('state')],
    handler: async (request) => {
      const { cursor, limit = 50, ...asked } = request.query;
      const { sort = '-created_at' } = asked;
      const place = readCursor({ ...asked, sort }, cursor, 1);
      const after = place === null ? null : { at: place.keys[0] ?? 0, id: place.id };
      const filter = await leadFilterOf(deps.db, asked);
      const reach = reachOf(grantOf(request));
      const rows = await listLeads(
        deps.db,
        deps.vault,
        { ...filter, ...(reach === null ? {} : { reach }) },
        { sort, after, limit: limit + 1, now: deps.clock() },
      );
      const byCreation = sort === 'created_at' || sort === '-created_at';
      const { items, next } = pageOf({ ...asked, sort }, rows, limit, ({ lead }) => ({
        keys: [byCreation ? lead.createdAt : lead.updatedAt],
        id: lead.id,
      }));
      const sight = sightOf(request);
      const ids = items.map(({ lead }) => lead.id);
      await auditFullRead(deps, request, sight, { kind: 'lead', id: null, ids });
      return { items: items.map((listed) => leadRecord(listed, sight)), next_cursor: next };
    },
  });
};

import { type Static, Type } from 'typebox';
import { isUuid } from '../../domain/id.ts';
import { LEAD_STATES } from '../../domain/lead.ts';
import { leadRecord } from '../../domain/lead-record.ts';
import type { Db } from '../../store/database.ts';
import { listLeads } from '../../store/lead-list.ts';
import { LEAD_SORTS, type LeadFilter } from '../../store/lead-page.ts';
import { findSource, findSourceByName } from '../../store/sources.ts';
import { grantOf } from '../actor.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { Routes } from '../deps.ts';
import { problem } from '../problem.ts';
import { pageQuery, queryMoment, readMoments, refusePersonalQuery, repeatable } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { LeadPageAnswer } from '../schemas/lead-answer.ts';
import { sightOf } from '../sight.ts';
import { reachOf } from '../visibility.ts';

const code = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 100, description, examples: [example] }));

const ListQuery = Type.Object(
  {
    state: Type.Optional(
      Type.Array(Type.Unsafe<(typeof LEAD_STATES)[number]>({ type: 'string', enum: [...LEAD_STATES] }), {
        maxItems: LEAD_STATES.length,
        description: '状态; may be repeated: `state=new&state=assigned`.',
        examples: [['new', 'assigned']],
      }),
    ),
    source: code('来源: the id or name of a source that any standing touch came by.', 'douyin-hq'),
    channel: code('渠道代码 of any standing touch, as the reports count.', 'douyin'),
    store: code('门店代码.', 'S1'),
    owner: code('顾问代码 of the owner.', 'A1'),
    rating: code('意向评级.', 'high'),
    created_from: queryMoment('创建时间 from, inclusive.'),
    created_to: queryMoment('创建时间 to, exclusive.'),
    updated_from: queryMoment('更新时间 from, inclusive.'),
    updated_to: queryMoment('更新时间 to, exclusive.'),
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
type ListQuery = Static<typeof ListQuery>;

const MOMENTS = ['created_from', 'created_to', 'updated_from', 'updated_to'] as const;

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
      const filter = await filterOf(deps.db, asked);
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

async function filterOf(db: Db, asked: Omit<ListQuery, 'limit' | 'cursor'>): Promise<LeadFilter> {
  const moments = readMoments(asked, MOMENTS);
  const { state, source, channel, store, owner, rating } = asked;
  return {
    ...(state === undefined ? {} : { states: state }),
    ...(source === undefined ? {} : { sourceId: await sourceIdOf(db, source) }),
    ...(channel === undefined ? {} : { channel }),
    ...(store === undefined ? {} : { store }),
    ...(owner === undefined ? {} : { owner }),
    ...(rating === undefined ? {} : { rating }),
    ...(moments.created_from === undefined ? {} : { createdFrom: moments.created_from }),
    ...(moments.created_to === undefined ? {} : { createdTo: moments.created_to }),
    ...(moments.updated_from === undefined ? {} : { updatedFrom: moments.updated_from }),
    ...(moments.updated_to === undefined ? {} : { updatedTo: moments.updated_to }),
  };
}

async function sourceIdOf(db: Db, text: string): Promise<string> {
  const source = (isUuid(text) ? await findSource(db, text) : null) ?? (await findSourceByName(db, text));
  if (source !== null) return source.id;
  throw problem('query_invalid', {
    errors: [{ path: '/source', code: 'not_listed', message: 'is no id or name of a source' }],
  });
}

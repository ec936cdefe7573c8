import { type Static, Type } from 'typebox';
import { isUuid } from '../domain/id.ts';
import { LEAD_STATES } from '../domain/lead.ts';
import { BANDS } from '../domain/score-bands.ts';
import type { Db } from '../store/database.ts';
import type { LeadFilter } from '../store/lead-page.ts';
import { findSource, findSourceByName } from '../store/sources.ts';
import { problem } from './problem.ts';
import { queryMoment, readMoments } from './query.ts';

const code = (description: string, example: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 100, description, examples: [example] }));

/** The part of a query that says which leads are meant. */
export const leadFilterQuery = {
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
  external_ref: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: '外部编号: what another system calls it, or calls a lead that was merged into it.',
      examples: ['crm-1'],
    }),
  ),
  band: Type.Optional(
    Type.Unsafe<(typeof BANDS)[number]>({
      type: 'string',
      enum: [...BANDS],
      description: '分段 by the active score model: open leads only.',
      examples: ['hot'],
    }),
  ),
  created_from: queryMoment('创建时间 from, inclusive.'),
  created_to: queryMoment('创建时间 to, exclusive.'),
  updated_from: queryMoment('更新时间 from, inclusive.'),
  updated_to: queryMoment('更新时间 to, exclusive.'),
};
const LeadFilterQuery = Type.Object(leadFilterQuery);

const MOMENTS = ['created_from', 'created_to', 'updated_from', 'updated_to'] as const;

/** The filter that a query asks for; throws `query_invalid` for a moment that is none and a source that nobody knows. */
export async function leadFilterOf(db: Db, asked: Static<typeof LeadFilterQuery>): Promise<LeadFilter> {
  const moments = readMoments(asked, MOMENTS);
  const { state, source, channel, store, owner, rating, band, external_ref: externalRef } = asked;
  return {
    ...(state === undefined ? {} : { states: state }),
    ...(source === undefined ? {} : { sourceId: await sourceIdOf(db, source) }),
    ...(channel === undefined ? {} : { channel }),
    ...(store === undefined ? {} : { store }),
    ...(owner === undefined ? {} : { owner }),
    ...(rating === undefined ? {} : { rating }),
    ...(externalRef === undefined ? {} : { externalRef }),
    ...(band === undefined ? {} : { band }),
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

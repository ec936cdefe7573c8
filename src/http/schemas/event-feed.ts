import { type Static, Type } from 'typebox';
import { EventRecord } from './event-answer.ts';

export const EventFeedQuery = Type.Object(
  {
    after: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          '游标: next_cursor of the page before. Left out: from the beginning; `now`: what comes from now on.',
        examples: ['now'],
      }),
    ),
    types: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), {
        minItems: 1,
        maxItems: 50,
        description: '事件类型: types, `lead.*` for a family; may be repeated. Every one where it is left out.',
        examples: [['lead.*', 'deal.recorded']],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: '每页条数.', examples: [100] }),
    ),
  },
  { additionalProperties: false },
);
export type EventFeedQuery = Static<typeof EventFeedQuery>;

export const EventFeedAnswer = Type.Object(
  {
    items: Type.Array(EventRecord),
    next_cursor: Type.String({
      description: '下一页游标: always there, also where no event is, so that polling goes on.',
      examples: ['WyJmZWVkLTEi…'],
    }),
    more: Type.Boolean({ description: 'Whether more is there already: ask on at once.', examples: [false] }),
  },
  { title: 'EventFeed', description: '事件流: events in the order in which they became final.' },
);

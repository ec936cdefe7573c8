import { isEventPattern } from '../../domain/event-pattern.ts';
import { FEED_BEGINNING, type FeedPlace, feedEnd, readFeed } from '../../store/event-feed.ts';
import { grantOf } from '../actor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { readFeedCursor, writeFeedCursor } from '../feed-cursor.ts';
import { problem } from '../problem.ts';
import { repeatable } from '../query.ts';
import { EventFeedAnswer, EventFeedQuery } from '../schemas/event-feed.ts';
import { eventRecord } from '../views/event.ts';
import { reachOf } from '../visibility.ts';

const ABOUT = `For reconciliation, and for receivers that cannot be called. Every event comes exactly once, in the order in which the changes were begun (\`sequence\` orders those of one lead): an event is shown when every change that began before it has ended, so that none that is committed late is skipped. A page may be empty while \`more\` says to go on. Ids and codes only; not for keys that are bound to stores or to an adviser.`;

/** GET /v1/events: the pull feed. */
export const eventRoutes: Routes = (app, deps) => {
  app.get('/v1/events', {
    schema: {
      tags: ['delivery'],
      summary: '事件流: pull all events in order',
      description: ABOUT,
      querystring: EventFeedQuery,
      response: { 200: EventFeedAnswer },
    },
    config: { scope: 'leads:read', problems: ['cursor_invalid', 'other_store'] },
    preValidation: repeatable('types'),
    handler: async (request) => {
      const { after, types, limit = 100 } = request.query;
      if (reachOf(grantOf(request)) !== null) {
        throw problem('other_store', { detail: 'The feed holds events of every store; the key is bound to some.' });
      }
      const { events, next, more } = await readFeed(deps.db, await placeOf(deps, after), {
        types: types === undefined ? null : patternsOf(types),
        limit,
      });
      return { items: events.map(eventRecord), next_cursor: writeFeedCursor(next), more };
    },
  });
};

async function placeOf({ db }: Pick<RouteDeps, 'db'>, after: string | undefined): Promise<FeedPlace> {
  if (after === undefined) return FEED_BEGINNING;
  return after === 'now' ? feedEnd(db) : readFeedCursor(after);
}

function patternsOf(types: readonly string[]): readonly string[] {
  const errors = types.flatMap((type, index) =>
    isEventPattern(type)
      ? []
      : [{ path: `/types/${index}`, code: 'not_listed', message: 'is no type of event, nor a family such as lead.*' }],
  );
  if (errors.length > 0) throw problem('query_invalid', { errors });
  return types;
}

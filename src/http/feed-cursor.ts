import { isUuid } from '../domain/id.ts';
import type { FeedPlace } from '../store/event-feed.ts';
import { problem } from './problem.ts';

const VERSION = 'feed-1';

/** A place of the feed as the caller gets it: opaque, and good for any types of event. */
export function writeFeedCursor({ xid, id }: FeedPlace): string {
  return Buffer.from(JSON.stringify([VERSION, xid, id])).toString('base64url');
}

/** And back; throws `cursor_invalid`. */
export function readFeedCursor(cursor: string): FeedPlace {
  const [version, xid, id] = parse(cursor);
  const sound =
    version === VERSION && typeof xid === 'string' && /^\d{1,19}$/.test(xid) && typeof id === 'string' && isUuid(id);
  if (!sound) throw problem('cursor_invalid', { hint: 'Send next_cursor as it was answered, or `now`.' });
  return { xid, id };
}

function parse(cursor: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

import type { Acknowledged, Reply } from './channel.ts';

/** The answer of a channel to each class of push. */
export type Replies = Readonly<Record<Acknowledged, Reply>>;

/** What a push that was not kept is told, and by which HTTP status. */
export type Failure = (status: number, message: string) => Reply;

/** One answer for whatever was kept, so that the platform does not send it again, and the channel's failure for the rest. */
export function repliesOf(kept: Reply, failure: Failure): Replies {
  return {
    accepted: kept,
    unreadable: kept,
    paused: kept,
    unauthenticated: failure(401, 'signature or secret refused'),
    too_large: failure(413, 'body too large'),
    rate_limited: failure(429, 'too many requests'),
    unavailable: failure(503, 'try again later'),
  };
}

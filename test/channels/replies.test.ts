import t from 'tap';
import { repliesOf } from '../../src/channels/replies.ts';
import { empty } from '../../src/channels/reply.ts';

t.test('what was kept is not sent again, what was not is', async (t) => {
  const replies = repliesOf(empty(200), (status) => empty(status));
  const statuses = Object.fromEntries(Object.entries(replies).map(([as, { status }]) => [as, status]));
  t.strictSame(statuses, {
    accepted: 200,
    unreadable: 200,
    paused: 200,
    unauthenticated: 401,
    too_large: 413,
    rate_limited: 429,
    unavailable: 503,
  });
});

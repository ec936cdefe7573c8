import t from 'tap';
import { OCEAN_REPLIES, oceanHandshake } from '../../src/channels/ocean-reply.ts';
import { madePush } from './made-push.ts';

const check = (challenge: string) =>
  oceanHandshake(madePush({ method: 'GET', query: `event=verify_webhook&challenge=${challenge}` }));
const BASE = '{"BaseResp":{"StatusCode":200,"StatusMessage":"ok"},"challenge":';

t.test('an int64 goes back as the integer it was', async (t) => {
  for (const [challenge, echoed] of [
    ['1', '1'],
    ['9223372036854775807', '9223372036854775807'],
    ['-5', '-5'],
    ['007', '7'],
    ['0', '0'],
  ] as const) {
    t.equal(check(challenge)?.reply.body, `${BASE}${echoed}}`);
  }
});

t.test('what is no integer fails, and is not echoed', async (t) => {
  for (const challenge of ['', '1.5', 'abc', '1}', '12345678901234567890', '%22']) {
    const made = check(challenge);
    t.equal(made?.passed, false);
    t.notMatch(made?.reply.body, /challenge":/);
  }
});

t.test('any other push is no check', async (t) => {
  t.equal(oceanHandshake(madePush({ query: 'event=verify_webhook&challenge=1' })), null);
  t.equal(oceanHandshake(madePush({ method: 'GET', query: 'challenge=1' })), null);
});

t.test('what is put off for our sake is 5xx in the body, since 4xx is never sent again', async (t) => {
  const code = (body: string) => (JSON.parse(body) as { BaseResp: { StatusCode: number } }).BaseResp.StatusCode;
  t.equal(code(OCEAN_REPLIES.unavailable.body), 503);
  t.equal(code(OCEAN_REPLIES.rate_limited.body), 503);
  t.equal(code(OCEAN_REPLIES.unauthenticated.body), 401);
  t.equal(code(OCEAN_REPLIES.paused.body), 200);
});

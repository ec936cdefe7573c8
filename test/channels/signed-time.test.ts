import t from 'tap';
import { signedTime } from '../../src/channels/signed-time.ts';
import { madePush } from './made-push.ts';

t.test('inside the window on either side, its ends included', async (t) => {
  const push = madePush();
  for (const away of [0, 60_000, -60_000]) t.equal(signedTime(push.receivedAt + away, push, 60).kind, 'authentic');
  for (const away of [60_001, -60_001]) {
    t.match(signedTime(push.receivedAt + away, push, 60), { kind: 'refused', code: 'signature_expired' });
  }
});

t.test('unchecked by 0 seconds or without a time', async (t) => {
  const push = madePush();
  t.equal(signedTime(0, push, 0).kind, 'authentic');
  t.equal(signedTime(null, push, 60).kind, 'authentic');
});

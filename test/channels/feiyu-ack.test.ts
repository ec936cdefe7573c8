import t from 'tap';
import { feiyuReplies } from '../../src/channels/feiyu-ack.ts';

const of = (ack: unknown) => feiyuReplies({ secrets: [], credentials: {}, settings: { ack } });

t.test('the keys and values that the advertiser typed, text staying text', async (t) => {
  const own = of({ code_key: 'status', message_key: 'msg', code: '0', message: '成功', failure_code: '9' });
  t.equal(own.accepted.body, '{"status":"0","msg":"成功"}');
  t.match(own.unavailable, { status: 503, body: '{"status":"9","msg":"try again later"}' });
});

t.test('the default, also for a setting that is none', async (t) => {
  for (const ack of [undefined, null, 'x', {}]) {
    t.equal(of(ack).accepted.body, '{"code":0,"message":"success"}');
    t.match(of(ack).unauthenticated, { status: 401, body: /"code":-1/ });
  }
});

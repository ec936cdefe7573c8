import t from 'tap';
import { judgeAnswer } from '../../src/webhooks/judge-answer.ts';
import { createMapper } from '../../src/webhooks/mapping.ts';

const OK = { kind: 'delivered', result: 'delivered', status: 200 } as const;

t.test('a 2xx is a delivery where its answer fulfils the condition', async (t) => {
  const mapper = createMapper();
  t.teardown(() => mapper.close());
  const judge = async (condition: string | null, answer: string | null) =>
    (await judgeAnswer({ result: OK, answer }, condition, mapper)).result;
  t.equal(await judge(null, '{"errcode":1}'), 'delivered');
  t.equal(await judge('body.errcode = 0', '{"errcode":0}'), 'delivered');
  t.equal(await judge('body.errcode = 0', '{"errcode":1}'), 'answer_refused');
  t.equal(await judge('body.errcode = 0', 'no JSON'), 'answer_refused');
  t.equal(await judge('body.errcode = 0', null), 'answer_refused');
  t.equal(await judge('body = "ok"', 'ok'), 'delivered', 'what is no JSON is text');
  t.equal(await judge('status = 200', ''), 'delivered');
  t.equal(await judge('body.errcode', '{"errcode":1}'), 'answer_refused', 'only true is true');
  t.equal(await judge('$error("x")', '{}'), 'answer_refused', 'a condition that fails is not fulfilled');
  t.match(await judgeAnswer({ result: OK, answer: '{}' }, 'false', mapper), {
    kind: 'failed',
    fault: 'rejected',
    status: 200,
  });
  const failed = { kind: 'failed', result: 'http_500', status: 500, fault: 'transient', retryAfterMs: null } as const;
  t.strictSame(await judgeAnswer({ result: failed, answer: null }, 'true', mapper), failed);
});

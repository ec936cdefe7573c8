import t from 'tap';
import { verifyWebhook } from '../../src/channels/verify-webhook.ts';
import { madePush } from './made-push.ts';

const check = (challenge: string) =>
  madePush({ body: `{"event":"verify_webhook","client_key":"","content":{"challenge":${challenge}}}` });

t.test('the challenge goes back as it was written, with all its digits', async (t) => {
  for (const challenge of ['12345', '9007199254740993123', '"12345"', '"9007199254740993123"', '"text"', '-7']) {
    t.match(verifyWebhook(check(challenge)), {
      passed: true,
      reply: { status: 200, body: `{"challenge":${challenge}}` },
    });
  }
});

t.test('content as JSON text', async (t) => {
  const push = madePush({ body: { event: 'verify_webhook', content: '{"challenge":9007199254740993123}' } });
  t.equal(verifyWebhook(push)?.reply.body, '{"challenge":9007199254740993123}');
});

t.test('without a challenge the check fails', async (t) => {
  for (const challenge of ['null', '{}', '""'])
    t.match(verifyWebhook(check(challenge)), { passed: false, reply: { status: 400 } });
  t.match(verifyWebhook(madePush({ body: { event: 'verify_webhook' } })), { passed: false });
});

t.test('any other push is no check', async (t) => {
  t.equal(verifyWebhook(madePush({ method: 'GET', body: { event: 'verify_webhook' } })), null);
  for (const body of [
    '',
    '{',
    'null',
    '[]',
    '{"event":"im_receive_msg","content":"verify_webhook"}',
    `"verify_webhook${'x'.repeat(5_000)}"`,
  ]) {
    t.equal(verifyWebhook(madePush({ body })), null, body.slice(0, 40));
  }
});

import t from 'tap';
import type { Setup } from '../../src/channels/channel.ts';
import { genericReply } from '../../src/channels/generic-ack.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

function setup(ack: unknown): Setup {
  return { secrets: [], credentials: {}, settings: { ack } };
}

t.test('answers in the usual shape where nothing is said', async (t) => {
  const success = { status: 200, contentType: JSON_TYPE, body: '{"code":0,"message":"success"}' };
  for (const as of ['accepted', 'unreadable', 'paused'] as const)
    t.strictSame(genericReply(as, setup(undefined)), success);
  t.strictSame(genericReply('unavailable', setup(undefined)), {
    status: 503,
    contentType: JSON_TYPE,
    body: '{"code":503,"message":"try again later"}',
  });
});

t.test('answers what the source says, and as accepted whatever was kept', async (t) => {
  const ack = {
    accepted: { body: 'OK' },
    paused: { status: 202, body: '' },
    unavailable: { status: 200, body: { code: -1 } },
  };
  t.strictSame(genericReply('accepted', setup(ack)), {
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    body: 'OK',
  });
  t.strictSame(genericReply('unreadable', setup(ack)), genericReply('accepted', setup(ack)));
  t.strictSame(genericReply('paused', setup(ack)), { status: 202, contentType: null, body: '' });
  t.strictSame(genericReply('unavailable', setup(ack)), { status: 200, contentType: JSON_TYPE, body: '{"code":-1}' });
  t.equal(genericReply('rate_limited', setup(ack)).status, 429);
  const typed = { accepted: { content_type: 'text/xml', body: '<ok/>' } };
  t.equal(genericReply('accepted', setup(typed)).contentType, 'text/xml');
});

t.test('no status that loses leads', async (t) => {
  for (const status of [404, 410, 500, 302, 199, 600, 200.5, '200', null]) {
    t.equal(genericReply('accepted', setup({ accepted: { status } })).status, 200, `accepted ${status}`);
  }
  for (const status of [404, 410, 199, 600, 'x']) {
    t.equal(genericReply('unavailable', setup({ unavailable: { status } })).status, 503, `unavailable ${status}`);
  }
});

t.test(
  'a content type that no header can hold is not sent: the push is kept, and would be sent again for ever',
  async (t) => {
    for (const content_type of ['text/plain\r\nset-cookie: a=b', '文本', 'text/plain\0']) {
      const reply = genericReply('accepted', setup({ accepted: { body: 'OK', content_type } }));
      t.equal(reply.contentType, 'text/plain; charset=utf-8');
    }
  },
);

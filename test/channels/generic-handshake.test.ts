import t from 'tap';
import type { Push } from '../../src/channels/channel.ts';
import { genericHandshake } from '../../src/channels/generic-handshake.ts';

function get(query: string): Push {
  return { method: 'GET', path: '/in/x', query, headers: {}, body: Buffer.alloc(0), receivedAt: 0 };
}

function post(body: string): Push {
  return { ...get(''), method: 'POST', body: Buffer.from(body) };
}

function reply(push: Push, handshake: unknown): string | null {
  return genericHandshake(push, { secrets: [], credentials: {}, settings: { handshake } })?.reply.body ?? null;
}

t.test('gives the value back alone or in an object', async (t) => {
  t.equal(reply(get('echostr=a%2Bb&x=1'), { name: 'echostr' }), 'a+b');
  t.equal(reply(get('challenge=7'), { name: 'challenge', as: 'json' }), '{"challenge":"7"}');
  t.equal(
    reply(post('{"event":{"challenge":12345}}'), { method: 'POST', name: 'event.challenge', as: 'json' }),
    '{"challenge":12345}',
  );
  t.equal(reply(post('{"c":7400000000000000001}'), { method: 'POST', name: 'c' }), '7400000000000000001');
  t.equal(reply(post('c=1&phone=2'), { method: 'POST', name: 'c' }), '1');
  t.equal(reply({ ...post(''), query: 'c=1' }, { method: 'POST', in: 'query', name: 'c' }), '1');
});

t.test('is none without the setting, the value or the method', async (t) => {
  t.equal(reply(get('echostr=a'), undefined), null);
  t.equal(reply(get('x=a'), { name: 'echostr' }), null);
  t.equal(reply(get('echostr='), { name: 'echostr' }), null);
  t.equal(reply({ ...get('echostr=a'), method: 'POST' }, { name: 'echostr' }), null);
  t.equal(reply(post('{"phone":"13800138000"}'), { method: 'POST', name: 'challenge' }), null);
  t.equal(reply(post('{"challenge":{"a":1}}'), { method: 'POST', name: 'challenge' }), null);
  t.equal(reply(get(`echostr=${'a'.repeat(5_000)}`), { name: 'echostr' }), null, 'too long to give back');
  t.equal(reply(get('__proto__=a'), { name: 'constructor' }), null);
});

t.test('gives text back as text, so that no browser runs it', async (t) => {
  const found = genericHandshake(get('e=%3Cscript%3E'), {
    secrets: [],
    credentials: {},
    settings: { handshake: { name: 'e' } },
  });
  t.match(found?.reply.contentType, /^text\/plain/);
});

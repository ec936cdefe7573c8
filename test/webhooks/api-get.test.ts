import t from 'tap';
import { createApiGet } from '../../src/webhooks/api-get.ts';
import { receive, receiveRaw } from '../helpers/raw-receiver.ts';

const RULES = { http: 'allow', allowed: ['127.0.0.0/8'] } as const;

function client(t: { readonly teardown: (end: () => Promise<void>) => void }, rules: object = {}) {
  const api = createApiGet({ rules: { ...RULES, ...rules }, clock: Date.now });
  t.teardown(api.close);
  return api;
}

t.test('status, body and Retry-After of an answer; headers go out', async (t) => {
  const seen: unknown[] = [];
  const { url } = await receive(t, ({ method, url: path, headers }, response) => {
    seen.push([method, path, headers['authorization'], headers['accept']]);
    response.writeHead(429, { 'retry-after': '7' }).end('{"n":1}');
  });
  const answer = await client(t).get(`${url}?fields=a%2Cb`, { authorization: 'Bearer x' });
  t.match(answer, { kind: 'answered', status: 429, retryAfterMs: 7000 });
  t.equal(answer.kind === 'answered' && answer.body.toString(), '{"n":1}');
  t.strictSame(seen, [['GET', '/hook?fields=a%2Cb', 'Bearer x', 'application/json']]);
});

t.test('a redirect is not followed', async (t) => {
  const { url, sockets } = await receive(t, (_, response) => response.writeHead(302, { location: '/other' }).end());
  t.match(await client(t).get(url, {}), { kind: 'answered', status: 302 });
  t.equal(sockets.length, 1);
});

t.test('a body of a megabyte is read whole, a larger one not at all', async (t) => {
  let size = 1 << 20;
  const { url } = await receive(t, (_, response) => response.writeHead(200).end(Buffer.alloc(size, 'x')));
  const api = client(t);
  const whole = await api.get(url, {});
  t.equal(whole.kind === 'answered' && whole.body.length, size);
  size += 1;
  t.strictSame(await api.get(url, {}), { kind: 'failed', code: 'too_large' });
});

t.test('addresses of this machine, other schemes and what is no URL are refused', async (t) => {
  const { url, sockets } = await receive(t, (_, response) => response.end());
  const strict = client(t, { allowed: [] });
  t.strictSame(await strict.get(url, {}), { kind: 'failed', code: 'target_forbidden' });
  t.strictSame(await strict.get('http://169.254.169.254/x', {}), { kind: 'failed', code: 'target_forbidden' });
  t.strictSame(await client(t, { http: 'refuse' }).get(url, {}), { kind: 'failed', code: 'target_scheme' });
  t.strictSame(await strict.get('ftp://example.com/x', {}), { kind: 'failed', code: 'target_scheme' });
  t.strictSame(await strict.get('nothing', {}), { kind: 'failed', code: 'target_invalid' });
  t.equal(sockets.length, 0);
});

t.test('a broken answer is a fault, and so is a client that was closed', async (t) => {
  const { url } = await receiveRaw(t, (socket) => socket.once('data', () => socket.destroy()));
  const api = client(t);
  t.strictSame(await api.get(url, {}), { kind: 'failed', code: 'reset' });
  await api.close();
  t.strictSame(await api.get(url, {}), { kind: 'failed', code: 'closed' });
});

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import type { Outgoing, PoolKey, Sender, TargetRules } from '../../src/webhooks/outbound.ts';
import { type Lookup, resolveTarget } from '../../src/webhooks/resolve.ts';
import { createSender, type SenderDeps } from '../../src/webhooks/send.ts';
import { receive, receiveRaw, receiveTls } from '../helpers/raw-receiver.ts';
import { ROOT } from '../helpers/root.ts';

const LOOPBACK: TargetRules = { http: 'allow', allowed: ['127.0.0.0/8', '::1/128'] };
const TLS = new URL('test/fixtures/tls/', ROOT);
const cert = readFileSync(new URL('cert.pem', TLS), 'utf8');
const key = readFileSync(new URL('key.pem', TLS), 'utf8');
const NOW = Date.UTC(2026, 5, 1, 12);
const POOL: PoolKey = { id: 'e1', version: 1, connections: 4 };
const LOCAL: Lookup = async () => [{ address: '127.0.0.1', family: 4 }];

function sender(t: Test, deps: Partial<SenderDeps> = {}): Sender {
  const made = createSender({ rules: LOOPBACK, clock: Date.now, ...deps });
  t.teardown(made.close);
  return made;
}

function outgoing(url: string, more: Partial<Outgoing> = {}): Outgoing {
  const headers = { 'content-type': 'application/json', 'webhook-id': 'evt_1' };
  return { url, headers, body: Buffer.from('{"线索":1}'), timeoutMs: 10_000, ...more };
}

t.test('a request as it arrives, and what is told of its answer', async (t) => {
  let seen: unknown;
  const { url, port } = await receive(t, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method, url: path, headers } = request;
    seen = { method, path, headers, body: Buffer.concat(chunks).toString() };
    response.setHeader('content-type', 'application/json');
    response.end('{"code":0,"phone":"13800138000"}');
  });
  let now = NOW;
  const sent = await sender(t, { clock: () => now++ }).send(POOL, outgoing(`${url}?a=%20b`));
  t.strictSame(seen, {
    method: 'POST',
    path: '/hook?a=%20b',
    headers: {
      host: `127.0.0.1:${port}`,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'webhook-id': 'evt_1',
      'content-length': '12',
    },
    body: '{"线索":1}',
  });
  const { sentAt, duration } = sent;
  t.strictSame(sent, {
    result: { kind: 'delivered', result: 'delivered', status: 200 },
    at: NOW,
    sentAt,
    duration,
    excerpt: '{"code":0,"phone":"138****8000"}',
    answer: '{"code":0,"phone":"13800138000"}',
  });
  t.ok(sentAt !== null && sentAt > NOW && sentAt < NOW + duration, 'sent after it was begun, before it ended');
});

t.test('statuses and Retry-After', async (t) => {
  let answer: { readonly status: number; readonly headers: Readonly<Record<string, string>> } = {
    status: 200,
    headers: {},
  };
  let redirected = 0;
  const { url } = await receive(t, (request, response) => {
    if (request.url === '/elsewhere') redirected += 1;
    request.resume();
    response.writeHead(answer.status, answer.headers).end(answer.status === 204 ? undefined : 'said');
  });
  const made = sender(t, { clock: () => NOW });
  const later = new Date(NOW + 90_000).toUTCString();
  const cases: readonly (readonly [number, Readonly<Record<string, string>>, object])[] = [
    [200, {}, { kind: 'delivered' }],
    [202, {}, { kind: 'delivered' }],
    [204, {}, { kind: 'delivered' }],
    [301, { location: '/elsewhere' }, { result: 'http_301', fault: 'rejected' }],
    [302, { location: '/elsewhere' }, { result: 'http_302', fault: 'rejected' }],
    [307, { location: '/elsewhere' }, { result: 'http_307', fault: 'rejected' }],
    [308, { location: '/elsewhere' }, { result: 'http_308', fault: 'rejected' }],
    [400, {}, { result: 'http_400', fault: 'rejected' }],
    [401, {}, { result: 'http_401', fault: 'rejected' }],
    [404, {}, { result: 'http_404', fault: 'rejected' }],
    [408, {}, { result: 'http_408', fault: 'transient' }],
    [410, {}, { result: 'http_410', fault: 'gone' }],
    [425, {}, { result: 'http_425', fault: 'transient' }],
    [429, {}, { result: 'http_429', fault: 'transient', retryAfterMs: null }],
    [429, { 'retry-after': '120' }, { result: 'http_429', fault: 'throttled', retryAfterMs: 120_000 }],
    [429, { 'retry-after': later }, { result: 'http_429', fault: 'throttled', retryAfterMs: 90_000 }],
    [503, { 'retry-after': '7' }, { result: 'http_503', fault: 'throttled', retryAfterMs: 7_000 }],
    [503, { 'retry-after': later }, { result: 'http_503', fault: 'throttled', retryAfterMs: 90_000 }],
    [503, { 'retry-after': 'soon' }, { result: 'http_503', fault: 'transient', retryAfterMs: null }],
    [500, {}, { result: 'http_500', fault: 'transient' }],
    [502, {}, { result: 'http_502', fault: 'transient' }],
    [599, {}, { result: 'http_599', fault: 'transient' }],
  ];
  for (const [status, headers, result] of cases) {
    answer = { status, headers };
    const sent = await made.send(POOL, outgoing(url));
    t.match(sent.result, { status, ...result }, `${status} ${JSON.stringify(headers)}`);
    t.equal(sent.excerpt, status === 204 ? null : 'said');
    t.equal(sent.answer, status === 204 ? '' : status < 300 ? 'said' : null);
  }
  t.equal(redirected, 0, 'no redirect is followed');
});

t.test('early hints are no answer', async (t) => {
  const { url } = await receive(t, (request, response) => {
    request.resume();
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    response.writeHead(201).end();
  });
  t.match((await sender(t).send(POOL, outgoing(url))).result, { kind: 'delivered', status: 201 });
});

t.test('receivers that take too long', async (t) => {
  const receiver = await receive(t, (request, response) => {
    request.resume();
    if (request.url === '/body') response.writeHead(200).write('{"begun":');
  });
  const made = sender(t);
  const cases = [
    ['/headers', null, 'timed_out'],
    ['/body', 200, '{"begun":'],
  ] as const;
  for (const [path, status, excerpt] of cases) {
    const sent = await made.send(POOL, outgoing(new URL(path, receiver.url).href, { timeoutMs: 150 }));
    const result = { kind: 'failed', result: 'timeout', status, fault: 'transient' };
    t.match(sent, { result, excerpt, answer: null }, path);
    t.type(sent.sentAt, 'number');
    t.ok(sent.duration >= 140 && sent.duration < 5_000, `${sent.duration} ms`);
    await receiver.left();
    t.equal(receiver.open(), 0, 'and its connection is closed');
  }
});

t.test('an answer that drips on for ever', async (t) => {
  const receiver = await receive(t, (request, response) => {
    request.resume();
    response.writeHead(200);
    const timer = setInterval(() => response.write('so '), 10);
    response.on('close', () => clearInterval(timer));
  });
  const sent = await sender(t).send(POOL, outgoing(receiver.url, { timeoutMs: 200 }));
  t.match(sent, { result: { result: 'timeout', status: 200 }, excerpt: /^so so / });
  t.ok(sent.duration < 5_000, `${sent.duration} ms`);
  await receiver.left();
});

t.test('of a huge answer 64 kB are read', async (t) => {
  let written = 0;
  const receiver = await receive(t, (request, response) => {
    request.resume();
    const chunk = Buffer.alloc(65_536, 'x');
    const write = () => {
      if (response.closed) return;
      written += chunk.length;
      response.write(chunk, () => setImmediate(write));
    };
    write();
  });
  const made = sender(t);
  const sent = await made.send(POOL, outgoing(receiver.url));
  await receiver.left();
  t.match(sent.result, { kind: 'delivered', status: 200 });
  t.equal(sent.answer, 'x'.repeat(65_536));
  t.equal(sent.excerpt?.length, 2_048);
  t.ok(written < 32 * 1024 * 1024, `${written} bytes were written until it was cut off`);
  t.match(
    (await made.send(POOL, outgoing(receiver.url))).result,
    { kind: 'delivered' },
    'and the next has a new connection',
  );
});

t.test('connections that break', async (t) => {
  const cases: Readonly<Record<string, readonly [string, object]>> = {
    'reset before an answer': ['', { result: 'reset', status: null }],
    'closed after early hints': ['HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n', { result: 'reset', status: null }],
    'closed in the headers': ['HTTP/1.1 200 OK\r\nconten', { result: 'reset', status: null }],
    'closed in the body': ['HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf', { result: 'reset', status: 200 }],
    'closed in a chunk': [
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nhalf',
      { result: 'reset', status: 200 },
    ],
    'no HTTP at all': ['SSH-2.0-OpenSSH_9.6\r\n', { result: 'protocol', status: null }],
    'an upgrade': [
      'HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      { result: 'protocol', status: null },
    ],
    'endless headers': [`HTTP/1.1 200 OK\r\n${'a: bcdefghij\r\n'.repeat(4_000)}`, { result: 'protocol', status: null }],
    'two lengths': [
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      { result: 'protocol', status: null },
    ],
  };
  for (const [name, [answer, result]] of Object.entries(cases)) {
    const receiver = await receiveRaw(t, (socket) => {
      socket.once('data', () => {
        if (answer === '') socket.resetAndDestroy();
        else socket.end(answer);
      });
    });
    const made = sender(t);
    const sent = await made.send(POOL, outgoing(receiver.url));
    t.match(sent, { result: { kind: 'failed', fault: 'transient', ...result }, answer: null }, name);
    t.type(sent.sentAt, 'number', name);
  }
});

t.test('a refused port', async (t) => {
  const made = sender(t, { lookup: LOCAL });
  const free = await freePort(t);
  for (const host of ['127.0.0.1', 'crm.example']) {
    const sent = await made.send({ ...POOL, id: host }, outgoing(`http://${host}:${free}/`));
    t.match(sent, {
      result: { kind: 'failed', result: 'connect', status: null, fault: 'transient', retryAfterMs: null },
      sentAt: null,
      excerpt: 'ECONNREFUSED',
      answer: null,
    });
  }
});

/** A port that was just given back: nobody listens on it. */
async function freePort(t: Test): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (typeof address !== 'object' || address === null) return t.fail('no port') as never;
  return address.port;
}

t.test('TLS', async (t) => {
  const asked: unknown[] = [];
  const receiver = await receiveTls(t, { cert, key }, (request, response) => {
    asked.push([request.headers.host, (request.socket as TLSSocket).servername]);
    request.resume();
    response.end('ok');
  });
  const to = (name: string) => outgoing(`https://${name}:${receiver.port}/`);
  const made = sender(t, { lookup: LOCAL, ca: cert, rules: { ...LOOPBACK, http: 'refuse' } });

  const at = receiver.port;
  for (const name of ['receiver.test', 'receiver.test.', '127.0.0.1']) {
    t.match((await made.send({ ...POOL, id: name }, to(name))).result, { kind: 'delivered' }, name);
  }
  // Host is the name, and so is what TLS asks for: without the dot of a fully qualified one, and none for an address.
  const expected = [`receiver.test:${at}`, `receiver.test.:${at}`, `127.0.0.1:${at}`];
  t.strictSame(asked, [
    [expected[0], 'receiver.test'],
    [expected[1], 'receiver.test'],
    [expected[2], false],
  ]);

  const faults = { kind: 'failed', result: 'tls', status: null, fault: 'transient' };
  const wrong = await made.send({ ...POOL, id: 'wrong' }, to('other.test'));
  t.match(wrong, { result: faults, sentAt: null, excerpt: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  const untrusted = await sender(t, { lookup: LOCAL }).send(POOL, to('receiver.test'));
  t.match(untrusted, { result: faults, sentAt: null, excerpt: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  const plain = await receive(t, (_, response) => response.end());
  const spoken = await made.send({ ...POOL, id: 'plain' }, outgoing(`https://127.0.0.1:${plain.port}/`));
  t.match(spoken, { result: faults, sentAt: null });
});

t.test('a name that does not resolve', async (t) => {
  const lookup: Lookup = async () => {
    throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  };
  const sent = await sender(t, { lookup }).send(POOL, outgoing('https://nowhere.example/'));
  t.match(sent, { result: { result: 'dns', status: null, fault: 'transient' }, sentAt: null });
});

t.test('a forbidden loopback receiver never sees a connection', async (t) => {
  const { port, sockets } = await receive(t, (_, response) => response.end());
  const strict: TargetRules = { http: 'allow', allowed: [] };
  const forbidden = { kind: 'failed', result: 'target_forbidden', status: null, fault: 'forbidden' };

  const literal = sender(t, { rules: strict });
  const hosts = [
    '127.0.0.1',
    '127.1',
    '0x7f000001',
    '2130706433',
    '[::1]',
    '[::ffff:127.0.0.1]',
    'localhost',
    '0.0.0.0',
  ];
  for (const host of hosts) {
    for (const scheme of ['http', 'https']) {
      const sent = await literal.send({ ...POOL, id: scheme + host }, outgoing(`${scheme}://${host}:${port}/`));
      t.match(sent, { result: forbidden, sentAt: null, answer: null }, `${scheme}://${host}`);
    }
  }

  // Rebinding: the name had a public address when the endpoint was saved.
  const told = [['8.8.8.8'], ['127.0.0.1'], ['8.8.8.8', '127.0.0.1'], ['127.0.0.1', '8.8.8.8']];
  const lookup: Lookup = async () => (told.shift() ?? []).map((address) => ({ address, family: 4 }));
  t.match(await resolveTarget('crm.example', strict, lookup), { kind: 'ok' });
  const rebound = sender(t, { rules: strict, lookup });
  for (const what of ['another address', 'one more address', 'one more address first']) {
    t.match((await rebound.send(POOL, outgoing(`http://crm.example:${port}/`))).result, forbidden, what);
  }
  t.equal(told.length, 0, 'each was asked for');

  const https = sender(t, { rules: { ...LOOPBACK, http: 'refuse' } });
  const scheme = await https.send(POOL, outgoing(`http://127.0.0.1:${port}/`));
  t.match(scheme.result, { result: 'target_scheme', fault: 'forbidden' });
  const nonsense = await https.send({ ...POOL, id: 'x' }, outgoing('nonsense'));
  t.match(nonsense.result, { result: 'target_invalid', fault: 'forbidden' });
  t.equal(sockets.length, 0, 'no connection was made');
});

t.test('one connection carries a hundred requests, and its name is asked for once', async (t) => {
  const { port, sockets } = await receive(t, (request, response) => {
    request.resume();
    response.end('ok');
  });
  let now = NOW;
  let asked = 0;
  const lookup: Lookup = async () => {
    asked += 1;
    now += 1_000; // resolving takes a second
    return LOCAL('');
  };
  const made = sender(t, { clock: () => now, lookup });
  const send = () => made.send(POOL, outgoing(`http://crm.example:${port}/`));
  t.match(
    await send(),
    { at: NOW, sentAt: NOW + 1_000, duration: 1_000 },
    'the first one is sent when it is connected',
  );
  for (let i = 1; i < 100; i += 1) {
    now += 10;
    const { at, sentAt } = await send();
    if (at !== now || sentAt !== now) t.fail(`request ${i} was sent ${sentAt}, not ${now}`);
  }
  t.equal(sockets.length, 1);
  t.equal(asked, 1);

  now += 300_000;
  await send(); // notices that the connection is old, and closes it
  await send();
  t.strictSame([sockets.length, asked], [2, 2], 'after five minutes it is renewed');
});

t.test('no more connections than allowed, however many want one', async (t) => {
  let under = 0;
  let most = 0;
  const held: ServerResponse[] = [];
  const { url, sockets } = await receive(t, (request, response) => {
    under += 1;
    most = Math.max(most, under);
    request.resume();
    held.push(response);
    if (held.length < 3) return; // every third lets three go
    for (const one of held.splice(0)) {
      under -= 1;
      one.end('ok');
    }
  });
  const made = sender(t);
  const all = Array.from({ length: 30 }, () => made.send({ ...POOL, connections: 3 }, outgoing(url)));
  t.ok((await Promise.all(all)).every(({ result }) => result.kind === 'delivered'));
  t.equal(most, 3);
  t.equal(sockets.length, 3);
});

t.test('failed connections count too', async (t) => {
  const { url, sockets } = await receive(t, (request, response) => {
    request.resume();
    response.end('ok');
  });
  let failures = 3;
  const lookup: Lookup = async () => (failures-- > 0 ? [] : LOCAL(''));
  const made = sender(t, { lookup });
  const target = url.replace('127.0.0.1', 'crm.example');
  const all = Array.from({ length: 12 }, () => made.send({ ...POOL, connections: 1 }, outgoing(target)));
  const results = (await Promise.all(all)).map(({ result }) => result.result);
  t.strictSame(results, [...Array(3).fill('dns'), ...Array(9).fill('delivered')]);
  t.equal(sockets.length, 1);
});

t.test('a request whose time is over while it waits is never sent', async (t) => {
  const seen: unknown[] = [];
  const held: ServerResponse[] = [];
  const { url } = await receive(t, (request, response) => {
    seen.push(request.headers['webhook-id']);
    request.resume();
    held.push(response);
  });
  const made = sender(t);
  const send = (id: string, timeoutMs: number) =>
    made.send({ ...POOL, connections: 1 }, outgoing(url, { timeoutMs, headers: { 'webhook-id': id } }));
  const first = send('first', 10_000);
  t.match(await send('second', 60), { result: { result: 'timeout', status: null }, sentAt: null });
  await until(() => held.length === 1);
  held.pop()?.end('ok');
  t.match((await first).result, { kind: 'delivered' });
  const third = send('third', 10_000);
  await until(() => held.length === 1);
  held.pop()?.end('ok');
  t.match((await third).result, { kind: 'delivered' });
  t.strictSame(seen, ['first', 'third']);
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turnOver();
}

function turnOver(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

t.test('a receiver that accepts and says nothing while TLS is set up', async (t) => {
  const receiver = await receiveRaw(t, (socket) => socket.resume());
  const made = sender(t);
  const target = outgoing(`https://127.0.0.1:${receiver.port}/`, { timeoutMs: 100 });
  t.match(await made.send(POOL, target), { result: { result: 'timeout', status: null }, sentAt: null });
  await receiver.left();
  t.equal(receiver.sockets.length, 1, 'its connection was given up at once');
});

t.test('a connection that the receiver has closed meanwhile', async (t) => {
  const receiver = await receive(t, (request, response) => {
    request.resume();
    response.end('ok');
  });
  const made = sender(t);
  for (let i = 1; i <= 3; i += 1) {
    t.match((await made.send(POOL, outgoing(receiver.url))).result, { kind: 'delivered' });
    for (const socket of receiver.sockets) socket.end();
    await receiver.left();
    t.equal(receiver.sockets.length, i);
  }
});

t.test('a new version has new connections, and the old ones end with their calls', async (t) => {
  const held: ServerResponse[] = [];
  const receiver = await receive(t, (request, response) => {
    request.resume();
    if (request.url === '/slow') held.push(response);
    else response.end('ok');
  });
  const made = sender(t);
  await made.send(POOL, outgoing(receiver.url));
  const [idle] = receiver.sockets;
  const slow = outgoing(new URL('/slow', receiver.url).href);
  const under = made.send({ ...POOL, version: 2 }, slow);
  await until(() => held.length === 1);
  if (idle?.closed === false) await once(idle, 'close');
  t.equal(receiver.open(), 1, 'the idle one of version 1 is closed');

  t.match((await made.send({ ...POOL, version: 3 }, outgoing(receiver.url))).result, { kind: 'delivered' });
  t.equal(receiver.open(), 2, 'the call of version 2 goes on');
  held.pop()?.end('late');
  t.match(await under, { result: { kind: 'delivered' }, answer: 'late' });
  const old = receiver.sockets[1];
  if (old?.closed === false) await once(old, 'close');
  t.equal(receiver.open(), 1, 'and its connection ends after it');

  const kept = receiver.sockets.length;
  await made.send({ ...POOL, version: 3 }, outgoing(receiver.url));
  t.equal(receiver.sockets.length, kept, 'the same version has the same connection');
  await made.send({ ...POOL, version: 4 }, outgoing(receiver.url));
  t.equal(receiver.sockets.length, kept + 1, 'another version with the same URL another one');

  made.forget(POOL.id);
  made.forget('nobody');
  await receiver.left();
  t.equal(receiver.open(), 0, 'an endpoint that is forgotten has none');
});

t.test('close lets calls end, and leaves nothing open', async (t) => {
  const held: ServerResponse[] = [];
  const receiver = await receive(t, (request, response) => {
    request.resume();
    held.push(response);
  });
  const before = handles();
  const made = createSender({ rules: LOOPBACK, clock: Date.now, lookup: () => new Promise(() => undefined) });
  const one = { ...POOL, connections: 1 };
  const under = made.send(one, outgoing(receiver.url));
  const waits = made.send(one, outgoing(receiver.url));
  const stuck = made.send({ ...POOL, id: 'e2' }, outgoing('http://stuck.example/', { timeoutMs: 50 }));
  await until(() => held.length === 1);
  const closed = made.close();
  held.pop()?.end('ok');
  await until(() => held.length === 1);
  held.pop()?.end('ok');
  t.match(
    [await under, await waits, await stuck],
    [
      { result: { kind: 'delivered' } },
      { result: { kind: 'delivered' } },
      { result: { result: 'timeout' }, sentAt: null },
    ],
  );
  await closed;
  await receiver.left();
  for (let turn = 0; turn < 100 && handles() > before; turn += 1) await turnOver();
  t.equal(handles(), before, 'no socket and no timer of it is left in the process');
  const after = await made.send(POOL, outgoing(receiver.url));
  t.match(after, {
    result: { kind: 'failed', result: 'connect', fault: 'transient' },
    sentAt: null,
    excerpt: 'sender_closed',
  });
  await made.close();
  t.equal(receiver.sockets.length, 1);
});

function handles(): number {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /^(?:TCPSocketWrap|TCPConnectWrap|TLSWrap|Timeout)$/.test(name)).length;
}

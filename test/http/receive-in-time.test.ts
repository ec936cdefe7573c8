import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { fastify } from 'fastify';
import t, { type Test } from 'tap';
import { receiveInTime } from '../../src/http/receive-in-time.ts';

async function start(t: Test, withinMs: number): Promise<number> {
  const app = fastify();
  receiveInTime(app, withinMs);
  app.post('/quick', async () => ({ ok: true }));
  app.post('/slow', { config: { slowBody: true } }, async () => ({ ok: true }));
  app.post('/refused', { onRequest: async (_request, reply) => reply.code(401).send({}) }, async () => ({}));
  await app.listen({ host: '127.0.0.1', port: 0 });
  t.teardown(() => app.close());
  return (app.server.address() as AddressInfo).port;
}

/** Sends the head of a request of 8 bytes, and the first of them. */
async function half(port: number, path: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n{"a"`);
  return socket;
}

/** All that is answered until the connection ends. */
async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (piece) => {
    text += piece.toString();
  });
  await once(socket, 'close');
  return text;
}

t.test('a slow sender is answered 408 and cut off; a file may take its time', async (t) => {
  const port = await start(t, 150);
  const file = await half(port, '/slow'); // begun first: its time would be over first
  const cut = await answerOf(await half(port, '/quick'));
  t.match(cut, /^HTTP\/1\.1 408 /);
  t.match(cut, /application\/problem\+json[\s\S]*"code":"request_timeout"/);
  file.write(':12}');
  t.match(String((await once(file, 'data'))[0]), /^HTTP\/1\.1 200 /);
  file.destroy();
});

t.test('one that was refused by its head is cut off too, without a second answer', async (t) => {
  const port = await start(t, 150);
  const text = await answerOf(await half(port, '/refused'));
  t.match(text, /^HTTP\/1\.1 401 /);
  t.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
});

t.test('a connection that goes on is not cut by the time of a request that is over', async (t) => {
  const port = await start(t, 150);
  const socket = await half(port, '/quick');
  socket.write(':12}');
  t.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 /);
  t.match(await answerOf(await half(port, '/quick')), /408/, 'a later one has run out meanwhile');
  socket.write('POST /quick HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}');
  t.match(String((await once(socket, 'data'))[0]), /^HTTP\/1\.1 200 /);
  socket.destroy();
});

import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import type { Test } from 'tap';

/** A receiver on a port of its own; its connections are counted and ended with the test. */
export interface Receiver {
  readonly port: number;
  readonly url: string;
  readonly sockets: readonly Socket[]; // every one that was ever accepted
  readonly open: () => number;
  /** Resolves when no connection is open. */
  readonly left: () => Promise<void>;
}

/** A receiver of HTTP. */
export function receive(t: Test, listener: RequestListener): Promise<Receiver> {
  return listen(t, createServer({ keepAliveTimeout: 60_000 }, listener), 'http');
}

/** A receiver of HTTP over TLS. */
export function receiveTls(t: Test, options: ServerOptions, listener: RequestListener): Promise<Receiver> {
  return listen(t, createTlsServer(options, listener), 'https');
}

/** A receiver that does with a connection what it likes. */
export function receiveRaw(t: Test, onSocket: (socket: Socket) => void): Promise<Receiver> {
  return listen(t, createSocketServer(onSocket), 'http');
}

async function listen(t: Test, server: Server | SocketServer, scheme: string): Promise<Receiver> {
  const sockets: Socket[] = [];
  const waiting: (() => void)[] = [];
  const open = () => sockets.filter(({ closed }) => !closed).length;
  server.on('connection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (open() === 0) for (const resolve of waiting.splice(0)) resolve();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const left = () => (open() === 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve)));
  return { port, url: `${scheme}://127.0.0.1:${port}/hook`, sockets, open, left };
}

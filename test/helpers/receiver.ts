import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';

/** One request that a receiver got. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: bodies of every shape
  readonly body: any;
  readonly path: string;
}

/** How a receiver answers one request: a status, or whatever a function does with the response. */
export type Answering = number | ((received: Received, response: ServerResponse) => void);

/** A real HTTP receiver whose answers change while it runs. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** What it answers from here on: 200 until told otherwise. */
  readonly answer: (answering: Answering) => void;
  /** Resolves when it has got so many requests altogether. */
  readonly until: (count: number) => Promise<void>;
}

/** Starts a receiver on a port of its own; it goes when the test ends. */
export async function startReceiver(t: Test): Promise<Receiver> {
  let answering: Answering = 200;
  const received: Received[] = [];
  let waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const one = { headers: request.headers, text, body: parsed(text), path: request.url ?? '' };
      received.push(one);
      if (typeof answering === 'number') response.writeHead(answering).end('{}');
      else answering(one, response);
      const told = waiting;
      waiting = [];
      for (const tell of told) tell();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (next) => {
      answering = next;
    },
    until: async (count) => {
      while (received.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

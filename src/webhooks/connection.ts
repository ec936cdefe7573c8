import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { Instant } from '../domain/instant.ts';
import type { Connector } from './connector.ts';

/** One kept-alive connection to a receiver, which carries one request at a time and reconnects when it is used again. */
export interface Connection {
  readonly client: Client;
  readonly openedAt: () => Instant | null; // of what it is connected by now; null: it never was
  /** Ends it at once, while it is being opened too. */
  readonly destroy: () => Promise<void>;
}

// Shorter than the 5 s after which most servers close, so that hardly a request meets a connection that is being closed. A
// server that names its own time is believed, less a second for the way there, and up to what NATs keep in mind.
const KEEP_ALIVE_MS = 4_000;
const KEEP_ALIVE_MOST_MS = 30_000;
const KEEP_ALIVE_MARGIN_MS = 1_000;

/** A connection to an origin, opened when the first request asks for it. */
export function openConnection(origin: string, connector: Connector, clock: () => Instant): Connection {
  let opening: Socket | null = null;
  let openedAt: Instant | null = null;
  const client = new Client(origin, {
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MOST_MS,
    keepAliveTimeoutThreshold: KEEP_ALIVE_MARGIN_MS,
    headersTimeout: 0, // a call has one total time
    bodyTimeout: 0,
    connect: (options, callback) => {
      opening = connector(options, (...opened) => {
        opening = null;
        if (opened[0] === null) openedAt = clock();
        callback(...opened);
      });
    },
  });
  return {
    client,
    openedAt: () => openedAt,
    destroy: () => {
      const destroyed = client.destroy();
      opening?.destroy(new Error('given up')); // undici would wait for it
      return destroyed;
    },
  };
}

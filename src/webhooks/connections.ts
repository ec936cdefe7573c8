import type { Instant } from '../domain/instant.ts';
import { type Answered, type Call, type CallRequest, createCall } from './call.ts';
import { type Connection, openConnection } from './connection.ts';
import type { Connector } from './connector.ts';

/** The connections of one endpoint: so many at most, kept alive between calls. */
export interface Connections {
  /** Sends a request over a free connection, or waits for one; never rejects. */
  readonly call: (request: CallRequest, timeoutMs: number) => Promise<Answered>;
  /** Ends what is idle now and the rest when its calls have ended, those that wait too; nothing is called after it. */
  readonly close: () => Promise<void>;
}

// A name may have moved to another address, or its address may be forbidden by now: an old connection would never notice.
const AGE_MOST_MS = 300_000;

/**
 * Connections to an origin, opened as calls need them. Not undici's Pool: a connection of it that could not be opened is out of
 * its count and out of its close, but goes on serving what waits (7.30).
 */
export function createConnections(
  origin: string,
  most: number,
  connector: Connector,
  clock: () => Instant,
): Connections {
  const idle: Connection[] = []; // the last one used is used first, so that those not needed close themselves
  const waiting: Call[] = [];
  const ending = new Set<Promise<void>>();
  let open = 0;
  let closed: (() => void) | null = null;

  function take(): Connection | null {
    const kept = idle.pop();
    if (kept !== undefined) return kept;
    if (open >= most) return null;
    open += 1;
    return openConnection(origin, connector, clock);
  }

  function drop(connection: Connection): void {
    open -= 1;
    const ended = connection.destroy().finally(() => ending.delete(ended));
    ending.add(ended);
  }

  function start(call: Call, connection: Connection): void {
    call.start(connection.client, (after) => {
      const old = clock() - (connection.openedAt() ?? 0) > AGE_MOST_MS;
      if (after === 'spoilt' || old) drop(connection);
      else idle.push(connection);
      startWaiting();
    });
  }

  function startWaiting(): void {
    for (let call = waiting[0]; call !== undefined; call = waiting[0]) {
      const connection = call.over() ? null : take();
      if (connection === null && !call.over()) return;
      waiting.shift();
      if (connection !== null) start(call, connection);
    }
    if (closed === null) return;
    for (const connection of idle.splice(0)) drop(connection);
    if (open === 0) closed();
  }

  return {
    call: (request, timeoutMs) =>
      new Promise((resolve) => {
        const call = createCall(request, timeoutMs, clock, resolve);
        const connection = waiting.length === 0 ? take() : null;
        if (connection === null) waiting.push(call);
        else start(call, connection);
      }),
    close: async () => {
      const done = new Promise<void>((resolve) => {
        closed = resolve;
      });
      startWaiting();
      await done;
      await Promise.all(ending);
    },
  };
}

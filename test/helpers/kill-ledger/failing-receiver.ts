import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A connection as the receiver saw it; moments are of performance.now(). */
export interface Line {
  readonly closedAt: number | null; // null: it is open
  readonly closedBy: 'us' | 'peer' | null;
}

/** What the receiver decided of a request when it had come: only what is taken is a delivery. */
export type Decision = 'taken' | 'refused' | 'throttled' | 'dropped' | 'ignored';

/** One request as it came. */
export interface Arrival {
  readonly id: string; // webhook-id
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly decision: Decision;
  readonly line: Line;
  readonly answered: () => boolean;
}

/** A real HTTP receiver that fails at random, and remembers all that came. */
export interface FailingReceiver {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** Most requests that were under way at once. */
  readonly most: () => number;
  /** Resolves when the next request has come. */
  readonly next: () => Promise<void>;
  readonly close: () => void;
}

/** Which share of the requests fails how, and which of those taken is answered late. */
export interface Moods {
  readonly refused: number; // 500
  readonly throttled: number; // 503 with Retry-After
  readonly dropped: number; // the connection is ended before the answer
  readonly ignored: number; // never answered
  readonly slow: number; // up to 400 ms
}

const SLOW_MOST_MS = 400;
const KEEP_ALIVE_MS = 600_000; // lines are closed by their peers only, or where an answer says so

/** Starts it; `chance` decides what becomes of each request. */
export async function startFailingReceiver(chance: () => number, moods: Moods): Promise<FailingReceiver> {
  const arrivals: Arrival[] = [];
  const lines = new Map<Socket, { closedAt: number | null; closedBy: Line['closedBy'] }>();
  const waiting: (() => void)[] = [];
  let under = 0;
  let most = 0;

  const server = createServer((request, response) => {
    under += 1;
    most = Math.max(most, under);
    response.once('close', () => {
      under -= 1;
    });
    const chunks: Buffer[] = [];
    request.on('error', () => undefined); // its sender was killed
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const line = lines.get(request.socket);
      if (line === undefined) throw new Error('a request came over no line');
      const decision = decide(chance(), moods);
      const text = Buffer.concat(chunks).toString();
      const { headers } = request;
      const answered = () => response.writableFinished;
      arrivals.push({ id: String(headers['webhook-id']), headers, text, decision, line, answered });
      for (const tell of waiting.splice(0)) tell();
      if (decision === 'dropped') line.closedBy = 'us';
      answer(decision, response, chance() > moods.slow ? 0 : chance() * SLOW_MOST_MS);
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('connection', (socket) => {
    const line: { closedAt: number | null; closedBy: Line['closedBy'] } = { closedAt: null, closedBy: null };
    lines.set(socket, line);
    socket.on('error', () => undefined);
    socket.once('close', () => {
      lines.delete(socket);
      line.closedAt = performance.now();
      line.closedBy ??= 'peer';
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    arrivals,
    most: () => most,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function decide(chance: number, { refused, throttled, dropped, ignored }: Moods): Decision {
  let left = chance;
  for (const [decision, share] of Object.entries({ refused, throttled, dropped, ignored })) {
    if (left < share) return decision as Decision;
    left -= share;
  }
  return 'taken';
}

function answer(decision: Decision, response: ServerResponse, afterMs: number): void {
  switch (decision) {
    case 'taken':
      if (afterMs === 0) response.writeHead(200).end('ok');
      else setTimeout(() => response.writeHead(200).end('ok'), afterMs);
      return;
    case 'refused':
      response.writeHead(500).end('refused');
      return;
    case 'throttled':
      response.writeHead(503, { 'retry-after': '1' }).end();
      return;
    case 'dropped':
      response.destroy();
      return;
    case 'ignored': // its sender gives up
      return;
  }
}

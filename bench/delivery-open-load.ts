import { connect, type Socket } from 'node:net';

/** Requests to be sent at their times, however the answers come. */
export interface OpenLoad {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly perSecond: number;
  readonly seconds: number;
  readonly body: (index: number) => string;
}

/** When each request was to be sent, in milliseconds of the monotonic clock, and how many answers were not 2xx. */
export interface Offered {
  readonly intended: readonly number[];
  readonly refused: number;
}

const CONNECTIONS = 256;
const END_OF_HEAD = '\r\n\r\n';

/** Milliseconds of the clock that all processes of a machine have in common. */
export function monotonic(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** Offers the load in an open model: a request whose time has come waits for a free connection, and its latency runs. */
export async function offerOpen({ port, path, key, perSecond, seconds, body }: OpenLoad): Promise<Offered> {
  const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: `;
  const total = perSecond * seconds;
  const began = monotonic() + 10;
  const intended = Array.from({ length: total }, (_, index) => began + (index * 1000) / perSecond);
  const free: Socket[] = [];
  let refused = 0;
  let sent = 0;
  let answered = 0;
  await new Promise<void>((resolve, reject) => {
    const pump = (): void => {
      for (const now = monotonic(); sent < total && (intended[sent] ?? 0) <= now; sent += 1) {
        const socket = free.pop();
        if (socket === undefined) return; // the next answer comes back here
        const text = body(sent);
        socket.write(`${head}${Buffer.byteLength(text)}${END_OF_HEAD}${text}`);
      }
    };
    const sockets = Array.from({ length: CONNECTIONS }, () =>
      open(port, reject, (socket, status) => {
        free.push(socket);
        if (status === null) return;
        answered += 1;
        if (status < 200 || status > 299) refused += 1;
        pump();
        if (answered < total) return;
        clearInterval(timer);
        for (const one of sockets) one.destroy();
        resolve();
      }),
    );
    const timer = setInterval(pump, 1);
  });
  return { intended, refused };
}

/** Opens a connection; `ready` hears when it can carry a request, with the status of the answer before. */
function open(
  port: number,
  failed: (error: Error) => void,
  ready: (socket: Socket, status: number | null) => void,
): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => ready(socket, null));
  let received = '';
  socket.setEncoding('latin1');
  socket.on('error', failed);
  socket.on('data', (chunk) => {
    received += String(chunk);
    const end = received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(received.slice(0, end))?.[1]);
    if (received.length < end + 4 + length) return;
    const status = Number(received.slice(9, 12));
    received = '';
    ready(socket, status);
  });
  return socket;
}

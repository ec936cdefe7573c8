import { connect } from 'node:net';

/** What a load run came to: answers a second, latencies in milliseconds, and answers that were not 2xx. */
export interface LoadResult {
  readonly connections: number;
  readonly requests: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly refused: number;
}

/** A load to offer: a closed loop over so many connections for so many seconds. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly connections: number;
  readonly seconds: number;
  readonly warmSeconds?: number; // before that, over the same connections, and not counted
  readonly reconnect?: 'each request'; // as senders do that keep no connection alive
  readonly body: () => string;
  readonly header?: (body: string) => string; // further header lines, each with its line end
}

const END_OF_HEAD = '\r\n\r\n';
const LENGTH = /content-length: (\d+)/i;

/** Offers the load over plain sockets: on two cores a full HTTP client would take more time than the service. */
export async function offer(load: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  let refused = 0;
  const began = performance.now();
  const counted = began + (load.warmSeconds ?? 0) * 1000;
  const until = counted + load.seconds * 1000;
  const loops = Array.from({ length: load.connections }, () =>
    loop(load, until, (milliseconds, status) => {
      if (performance.now() - milliseconds < counted) return; // sent before
      latencies.push(milliseconds);
      if (status < 200 || status > 299) refused += 1;
    }),
  );
  await Promise.all(loops);
  const seconds = (performance.now() - counted) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0;
  return {
    connections: load.connections,
    requests: latencies.length,
    seconds,
    perSecond: latencies.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    refused,
  };
}

async function loop(load: Load, until: number, done: (milliseconds: number, status: number) => void): Promise<void> {
  if (load.reconnect === undefined) return converse(load, () => performance.now() >= until, done);
  while (performance.now() < until) {
    let asked = 0;
    const began = performance.now();
    const isOver = () => asked++ > 0;
    await converse(load, isOver, (_, status) => done(performance.now() - began, status));
  }
}

/** Sends one request after another over a connection of its own. */
async function converse(
  load: Load,
  isOver: () => boolean,
  done: (milliseconds: number, status: number) => void,
): Promise<void> {
  const socket = connect({ port: load.port, host: '127.0.0.1', noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const head = `POST ${load.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${load.key}\r\ncontent-type: application/json\r\ncontent-length: `;
  await new Promise<void>((resolve, reject) => {
    let sent = 0;
    let received = '';
    const send = (): void => {
      if (isOver()) {
        socket.destroy();
        resolve();
        return;
      }
      const body = load.body();
      sent = performance.now();
      const more = load.header?.(body) ?? '';
      socket.write(`${head}${Buffer.byteLength(body)}\r\n${more}\r\n${body}`);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      if (!isComplete(received)) return;
      done(performance.now() - sent, Number(received.slice(9, 12)));
      received = '';
      send();
    });
    socket.on('error', reject);
    send();
  });
}

function isComplete(answer: string): boolean {
  const end = answer.indexOf(END_OF_HEAD);
  if (end < 0) return false;
  const length = LENGTH.exec(answer.slice(0, end));
  return length !== null && answer.length >= end + 4 + Number(length[1]);
}

// A receiver in a process of its own, over plain sockets: a full HTTP server would take more of the machine than what is
// measured. `/fast…` is answered at once, `/slow…` after 5 s. What has arrived is told by IPC.
import { createServer, type Socket } from 'node:net';
import type { Arrival, ReceiverQuestion } from './delivery-receiving.ts';

const END_OF_HEAD = '\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok';
const SLOW_MS = 5_000;

let ids = new Map<string, Set<string>>(); // by path
let arrivals: Arrival[] | null = null;
let sample = '';
let repeated = 0;
const awaited = new Set<{ readonly number: number; readonly paths: readonly string[]; readonly count: number }>();

const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;
const countOf = (paths: readonly string[]): number => paths.reduce((sum, path) => sum + (ids.get(path)?.size ?? 0), 0);
const answer = (number: number, value: unknown): void => {
  process.send?.({ number, value });
};

const server = createServer({ noDelay: true }, (socket) => {
  let received = '';
  let began = 0;
  let epoch = 0;
  socket.setEncoding('latin1');
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (received === '') {
      began = monotonic();
      epoch = Date.now();
    }
    received += String(chunk);
    const end = received.indexOf(END_OF_HEAD);
    if (end < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(received.slice(0, end))?.[1]);
    if (received.length < end + 4 + length) return;
    const request = received;
    received = '';
    took(request, end, { began, epoch }, socket);
  });
});

function took(request: string, end: number, at: Pick<Arrival, 'began' | 'epoch'>, socket: Socket): void {
  const path = request.slice(5, request.indexOf(' ', 5));
  if (path.startsWith('/slow')) setTimeout(() => socket.destroyed || socket.write(ANSWER), SLOW_MS);
  else socket.write(ANSWER);
  const id = /webhook-id: (\S+)/i.exec(request)?.[1] ?? '';
  const known = ids.get(path) ?? new Set();
  ids.set(path, known);
  if (known.has(id)) repeated += 1;
  known.add(id);
  if (sample === '') sample = Buffer.from(request.slice(end + 4), 'latin1').toString();
  if (arrivals !== null) arrivals.push({ ...at, ...namedIn(Buffer.from(request.slice(end + 4), 'latin1').toString()) });
  for (const one of awaited) {
    if (countOf(one.paths) < one.count) continue;
    awaited.delete(one);
    answer(one.number, monotonic());
  }
}

function namedIn(body: string): Pick<Arrival, 'name' | 'recorded'> {
  const payload = JSON.parse(body) as { recorded_at: string; data: { submission?: { external_id: string | null } } };
  return { name: payload.data.submission?.external_id ?? '', recorded: Date.parse(payload.recorded_at) };
}

process.on('message', (question: ReceiverQuestion) => {
  const { number } = question;
  switch (question.kind) {
    case 'reached':
      if (countOf(question.paths) >= question.count) answer(number, monotonic());
      else awaited.add({ number, paths: question.paths, count: question.count });
      return;
    case 'forget':
      ids = new Map();
      repeated = 0;
      return answer(number, null);
    case 'record':
      arrivals = [];
      return answer(number, null);
    case 'arrivals':
      answer(number, arrivals);
      arrivals = null;
      return;
    case 'sample':
      answer(number, sample);
      sample = '';
      return;
    case 'repeated':
      return answer(number, repeated);
  }
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => answer(0, (server.address() as { readonly port: number }).port));

import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** One server-sent event, or a sign of life where there is nothing to tell. */
export type StreamItem = { readonly event: string; readonly data: object } | 'alive';

/** Answers with server-sent events as they come, and ends with them; when the client goes, they are asked for no more. */
export function sendEvents(reply: FastifyReply, items: AsyncIterable<StreamItem>): FastifyReply {
  return reply
    .type('text/event-stream')
    .header('x-accel-buffering', 'no') // nginx would hold events back until there are some kilobytes
    .send(Readable.from(textsOf(items), { objectMode: true, highWaterMark: 1 }));
}

async function* textsOf(items: AsyncIterable<StreamItem>): AsyncGenerator<string> {
  for await (const item of items) yield textOf(item);
}

function textOf(item: StreamItem): string {
  return item === 'alive' ? ':\n\n' : `event: ${item.event}\ndata: ${JSON.stringify(item.data)}\n\n`;
}

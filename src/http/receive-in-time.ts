import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { answerClientError } from './client-errors.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body may take as long as the server lets any request take: a file. */
    slowBody?: true;
  }
}

/** Cuts off, with 408, whoever has not sent a whole request so many milliseconds after its head; routes with `slowBody` are spared. */
export function receiveInTime(app: FastifyInstance, withinMs: number): void {
  const timers = new WeakMap<FastifyRequest, NodeJS.Timeout>();
  app.addHook('onRequest', (request, reply, done) => {
    const { headers, raw } = request;
    const bodiless = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
    if (bodiless || request.routeOptions.config.slowBody === true) return done();
    timers.set(request, setTimeout(cutOff, withinMs, raw, reply.raw).unref());
    done();
  });
  // One that was answered before it was here whole is still cut off: its sender would hold the connection.
  app.addHook('onResponse', (request, _reply, done) => {
    if (request.raw.complete) clearTimeout(timers.get(request));
    done();
  });
}

const TIMED_OUT = Object.assign(new Error('the request did not arrive in time'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

function cutOff({ complete, socket }: FastifyRequest['raw'], { headersSent }: FastifyReply['raw']): void {
  if (complete || socket.destroyed) return;
  if (!headersSent) answerClientError(TIMED_OUT, socket);
  socket.destroySoon(); // what it still sends is not waited for
}

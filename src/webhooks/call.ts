import type { IncomingHttpHeaders } from 'node:http';
import type { Client, Dispatcher } from 'undici';
import type { Instant } from '../domain/instant.ts';
import { TIMED_OUT } from './network-fault.ts';

/** What goes over a connection. */
export interface CallRequest extends Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'> {
  readonly bodyMost?: number; // bytes of the answer that are wanted; 64 kB where it is left out
}

/** What came back: as much of an answer as there was before it ended or failed. */
export interface Answered {
  readonly sentAt: Instant | null; // when the first byte was written; null: it never was
  readonly status: number | null; // null: no answer began
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer; // its beginning, as much as is wanted
  readonly complete: boolean; // whether that is all of it
  readonly fault: unknown; // null: the answer was read as far as it is wanted
}

/** One request and its total time, which runs from its making: waiting and connecting are in it. */
export interface Call {
  readonly over: () => boolean;
  /** Sends it; `freed` hears once whether the connection can carry another. */
  readonly start: (client: Client, freed: (after: 'reusable' | 'spoilt') => void) => void;
}

const BODY_MOST = 65_536;
const NOTHING = Buffer.alloc(0);
const ENOUGH = new Error('as much of the answer as is wanted was read');

/** Makes a call and starts its time; `settle` is told once, and nothing is sent after that. */
export function createCall(
  { bodyMost = BODY_MOST, ...request }: CallRequest,
  timeoutMs: number,
  clock: () => Instant,
  settle: (answered: Answered) => void,
): Call {
  const chunks: Buffer[] = [];
  let room = bodyMost;
  let sentAt: Instant | null = null;
  let status: number | null = null;
  let headers: IncomingHttpHeaders = {};
  let over = false;
  let freed: ((after: 'reusable' | 'spoilt') => void) | null = null;
  const timer = setTimeout(() => end(Object.assign(new Error('too late'), { code: TIMED_OUT })), timeoutMs);

  function end(fault: unknown): void {
    if (over) return;
    over = true;
    clearTimeout(timer);
    const complete = fault === null;
    const body = chunks.length < 2 ? (chunks[0] ?? NOTHING) : Buffer.concat(chunks);
    settle({ sentAt, status, headers, body, complete, fault: fault === ENOUGH ? null : fault });
    freed?.(complete ? 'reusable' : 'spoilt');
  }

  const handler: Dispatcher.DispatchHandler = {
    // Called on an open connection, right before the request is written to it.
    onRequestStart: (controller) => {
      if (over) controller.abort(ENOUGH);
      else sentAt = clock();
    },
    onResponseStart: (_, code, given) => {
      if (code < 200) return; // early hints
      status = code;
      headers = given;
    },
    onResponseData: (controller, chunk) => {
      if (room > 0) chunks.push(chunk.subarray(0, room));
      room -= chunk.length;
      if (room < 0) controller.abort(ENOUGH);
    },
    onResponseEnd: () => end(null),
    onResponseError: (_, error) => end(error),
  };

  return {
    over: () => over,
    start: (client, release) => {
      freed = release;
      client.dispatch(request, handler);
    },
  };
}

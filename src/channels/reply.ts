import type { Reply } from './channel.ts';

/** An answer in JSON. */
export function json(status: number, value: unknown): Reply {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(value) };
}

/** An answer in plain text, without a line end. */
export function text(status: number, body: string): Reply {
  return { status, contentType: 'text/plain; charset=utf-8', body };
}

/** An answer without a body. */
export function empty(status: number): Reply {
  return { status, contentType: null, body: '' };
}

import type { Push } from '../../src/channels/channel.ts';

/** A push of made-up data, changed as a test needs it; a body that is no text is written as JSON. */
export function madePush(change: Partial<Omit<Push, 'body'>> & { readonly body?: unknown } = {}): Push {
  const { body = '', ...rest } = change;
  return {
    method: 'POST',
    path: '/in/demo',
    query: '',
    headers: { 'content-type': 'application/json' },
    receivedAt: Date.parse('2026-04-12T02:00:00Z'),
    ...rest,
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
}
